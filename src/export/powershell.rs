//! PowerShell scripts: `deploy.ps1` creates the design, `teardown.ps1` takes it away.
//!
//! Each resource is one command, which sends the body that a template would have to Azure Resource
//! Manager: cmdlets of their own exist for part of the resources only, many fail where the resource
//! exists, and some take away what they were not told of. The scripts need nothing but `Az.Accounts`, and
//! use what Windows PowerShell 5.1 and PowerShell 7 both have.
//!
//! Azure docs: "Invoke-AzRestMethod" (powershell/module/az.accounts/invoke-azrestmethod), "Everything you
//! wanted to know about `ShouldProcess`" (powershell/scripting/learn/deep-dives/everything-about-shouldprocess).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{
    Basis, Exporter, File, Refused,
    plan::{Names, Place, Plan, api_version},
    script::{
        Asked, BUILT_IN, COMPUTES, Part, Values, given_subscription, goes_with_its_parent, members,
        percent, shown, shown_name, traffic,
    },
    tree::{self, Leaves, Marks},
};
use crate::{
    azure::api_versions,
    kinds::{
        ResourceId,
        arm::{ArmResource, ArmValue},
    },
    text::text,
};

// Quoting.
mod literal;

use literal::{here_string, joined, json_text, quoted, word};

pub const EXPORTER: Exporter = Exporter {
    id: "powershell",
    title: text("PowerShell script", "PowerShell スクリプト"),
    help: text(
        "deploy.ps1 that creates the design with Azure PowerShell, and teardown.ps1 that takes it away",
        "Azure PowerShell でデザインを作成する deploy.ps1 と、削除する teardown.ps1",
    ),
    run,
};

const GROUPS: &str = "Microsoft.Resources/resourceGroups";
const VAULTS: &str = "Microsoft.KeyVault/vaults";
const LOGS: &str = "Microsoft.OperationalInsights/workspaces";
const WORKSPACES: &str = "Microsoft.MachineLearningServices/workspaces";
const GUID: &str = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z";

const MARKS: Marks = Marks { list: ("[", "]"), object: ("{", "}"), is: ": ", next: ",", key };

fn key(it: &str) -> String {
    format!("\"{}\"", json_text(it))
}

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    let deploy = Script::new(plan).deploy();
    let teardown = Script::new(plan).teardown();
    Ok(vec![
        File { name: "deploy.ps1".to_owned(), text: deploy },
        File { name: "teardown.ps1".to_owned(), text: teardown },
    ])
}

/// A parameter of the script.
struct Parameter {
    label: String,
    name: String,
    form: Asked,
    /// The variable with its spelling in JSON.
    json: String,
}

struct Script<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// Parameters in the order of their first use.
    asked: Vec<Parameter>,
    /// Variables that the script has set by now: what they hold, under which name.
    set: BTreeMap<String, String>,
    /// Lines that set variables for the resource being written.
    pending: Vec<String>,
    /// Whether the body being written has a variable in it.
    expands: bool,
}

impl<'a> Values<'a> for Script<'a> {
    fn plan(&self) -> &'a Plan<'a> {
        self.plan
    }

    fn asked_value(&mut self, label: &str, secret: bool, json: bool) -> Vec<Part> {
        if !self.asked.iter().any(|it| it.label == label) {
            let label = label.to_owned();
            let form = Asked::of(&label, secret);
            let name = capital(&self.names.of(&label));
            let json = self.names.another(&format!("{label} json"));
            self.asked.push(Parameter { label, name, form, json });
        }
        let Some(it) = self.asked.iter().find(|it| it.label == label) else { return Vec::new() };
        // A secret is no text, but for its spelling.
        let spelt = it.form == Asked::Secret || (json && it.form == Asked::Text);
        vec![Part::var(if spelt { &it.json } else { &it.name })]
    }

    fn fetched(&mut self, label: &str, of: ResourceId, query: &str) -> String {
        let key = format!("{label} {}", of.0);
        if let Some(name) = self.set.get(&key) {
            return name.clone();
        }
        let own = self.plan.name_of(of);
        let name = self.names.another(&format!("{label} {own}"));
        self.set.insert(key, name.clone());
        let plan = self.plan;
        let Some(item) = plan.item_of(of) else { return name };
        let url = word(&self.id_parts(&plan.id(item), &percent));
        let version = api_version(item);
        let what = quoted(&shown(&own));
        self.pending.push(if label == "key of" {
            format!("${name} = Get-Key {what} '{version}' {url}")
        } else {
            format!("${name} = Get-ObjectId {what} '{version}' {url} '{query}'")
        });
        name
    }

    fn guid(&mut self, values: &[ArmValue]) -> String {
        let key = format!("{values:?}");
        if let Some(name) = self.set.get(&key) {
            return name.clone();
        }
        let words: Vec<String> =
            values.iter().map(|it| word(&self.parts(it, &str::to_owned, false))).collect();
        let name = self.names.another(&format!("guid {}", self.set.len() + 1));
        self.set.insert(key, name.clone());
        self.pending.push(format!("${name} = Get-TemplateGuid {}", words.join(", ")));
        name
    }
}

impl Leaves for Script<'_> {
    fn leaf(&mut self, value: &ArmValue) -> String {
        match value {
            ArmValue::Null => "null".to_owned(),
            ArmValue::Bool(it) => it.to_string(),
            ArmValue::Number(it) => it.to_string(),
            ArmValue::Parameter(label) if self.set.contains_key(label) => {
                self.expands = true;
                format!("${}", self.set.get(label).map_or("", String::as_str))
            }
            text => self.id_key(text),
        }
    }

    fn id_key(&mut self, value: &ArmValue) -> String {
        let mut parts = vec![Part::text("\"")];
        parts.extend(self.parts(value, &json_text, true));
        parts.push(Part::text("\""));
        self.expands |= parts.iter().any(|it| matches!(it, Part::Var(_)));
        joined(&parts)
    }
}

impl<'a> Script<'a> {
    fn new(plan: &'a Plan<'a>) -> Script<'a> {
        Script {
            plan,
            names: Names::default(),
            asked: Vec::new(),
            set: BTreeMap::new(),
            pending: Vec::new(),
            expands: false,
        }
    }

    fn deploy(&mut self) -> String {
        let plan = self.plan;
        let traffic = traffic(plan);
        let mut steps = String::new();
        for it in &plan.items {
            let command = match traffic.get(&it.from).filter(|_| is_first(plan, it)) {
                Some(_) => self.endpoint(it),
                None => self.resource(it, &shown_name(plan, it), &it.properties),
            };
            self.line(&mut steps, &command);
        }
        for (endpoint, shares) in &traffic {
            let Some(it) = plan.item_of(*endpoint) else { continue };
            let mut properties = it.properties.clone();
            let shares =
                shares.iter().map(|it| (it.name.clone(), ArmValue::Number(it.percent.into())));
            properties.set("traffic", ArmValue::Object(shares.collect()));
            let what = format!("Traffic of {}", plan.name_of(*endpoint));
            let command = self.resource(it, &what, &properties);
            self.line(&mut steps, &command);
        }
        let checks = self.checks();
        let count = plan.items.len() + traffic.len();
        let mut out = String::from(DEPLOY_HEAD);
        out.push_str(&self.parameters(""));
        out.push_str(&start(count));
        out.push_str(FUNCTIONS);
        out.push_str(DEPLOY_FUNCTIONS);
        out.push_str(&self.secrets());
        out.push_str(&self.sign_in());
        out.push_str(&self.spellings());
        out.push_str("\n# --- Checks\n\n");
        out.push_str(&checks);
        out.push_str("\n# --- Resources, each after those that it needs\n\n");
        out.push_str(&steps);
        out.push_str(DEPLOY_END);
        out
    }

    /// Writes a command after the lines that set its variables.
    fn line(&mut self, out: &mut String, command: &str) {
        for line in std::mem::take(&mut self.pending) {
            out.push_str(&line);
            out.push('\n');
        }
        out.push_str(command);
        out.push_str("\n\n");
    }

    fn resource(&mut self, it: &ArmResource, what: &str, properties: &ArmValue) -> String {
        let url = word(&self.id_parts(&self.plan.id(it), &percent));
        let body = self.body(it, properties);
        let function = if it.arm_type == COMPUTES { "Add-Resource" } else { "Set-Resource" };
        format!("{function} {} '{}' {url} {body}", quoted(&shown(what)), api_version(it))
    }

    /// An endpoint whose deployments come later. Left out, its traffic would be gone until the end of a second
    /// run.
    fn endpoint(&mut self, it: &ArmResource) -> String {
        let name = self.names.another(&format!("traffic of {}", self.plan.name_of(it.from)));
        let url = word(&self.id_parts(&self.plan.id(it), &percent));
        self.pending.push(format!("${name} = Get-Traffic '{}' {url}", api_version(it)));
        let label = format!("traffic {}", it.from.0);
        self.set.insert(label.clone(), name);
        let mut properties = it.properties.clone();
        properties.set("traffic", ArmValue::Parameter(label));
        self.resource(it, &shown_name(self.plan, it), &properties)
    }

    fn body(&mut self, it: &ArmResource, properties: &ArmValue) -> String {
        let mut members = members(it);
        if *properties != ArmValue::Null {
            members.push(("properties".to_owned(), properties.clone()));
        }
        self.expands = false;
        let mut json = String::new();
        tree::print(&mut json, &ArmValue::Object(members), 0, &MARKS, self);
        here_string(&json, self.expands)
    }

    /// What is better known before the first resource exists.
    fn checks(&mut self) -> String {
        let plan = self.plan;
        let (mut names, mut providers) = (String::new(), BTreeSet::new());
        for it in &plan.items {
            providers.extend(it.arm_type.split('/').next().filter(|it| !BUILT_IN.contains(it)));
            let unique = [
                "Microsoft.Storage/storageAccounts",
                "Microsoft.ContainerRegistry/registries",
                VAULTS,
            ];
            let [ArmValue::Text(name)] = it.name.as_slice() else { continue };
            if !unique.contains(&it.arm_type) {
                continue;
            }
            let place = self.place_parts(&subscription_of(&plan.place(it.scope), plan), &percent);
            let mut service = place;
            let provider = it.arm_type.split('/').next().unwrap_or_default();
            service.push(Part::Text(format!("/providers/{provider}")));
            let url = word(&self.id_parts(&plan.id(it), &percent));
            let what = quoted(&shown(&shown_name(plan, it)));
            let version = api_version(it);
            let question = format!(
                "{{\"name\": \"{}\", \"type\": \"{}\"}}",
                json_text(name),
                json_text(it.arm_type)
            );
            if let (VAULTS, Some(location)) = (it.arm_type, &it.location) {
                let mut deleted = service.clone();
                let (location, name) = (percent(location), percent(name));
                deleted.push(Part::Text(format!("/locations/{location}/deletedVaults/{name}")));
                let deleted = word(&deleted);
                let _ = writeln!(names, "Assert-NotDeleted {what} '{version}' {deleted}");
            }
            let service = word(&service);
            let question = quoted(&question);
            let _ = writeln!(names, "Assert-Name {what} '{version}' {url} {service} {question}");
        }
        let version = api_versions::of(GROUPS).unwrap_or_default();
        let mut out = String::new();
        for it in providers {
            let url = format!("\"/subscriptions/$subscription/providers/{it}\"");
            let _ = writeln!(out, "Register-Provider '{it}' '{version}' {url}");
        }
        out + &names
    }

    /// `param(…)`.
    fn parameters(&self, more: &str) -> String {
        let mut all: Vec<String> = Vec::new();
        for it in &self.asked {
            let help = quoted(&shown(&it.label));
            // PowerShell asks for what is mandatory even if nothing will be sent.
            let (mandatory, form, kind) = match it.form {
                Asked::Guid => {
                    ("Mandatory = $true, ", format!("[ValidatePattern('{GUID}')]"), "string")
                }
                Asked::Text => {
                    ("Mandatory = $true, ", "[ValidateNotNullOrEmpty()]".to_owned(), "string")
                }
                Asked::Secret => ("", "[ValidateNotNull()]".to_owned(), "securestring"),
            };
            all.push(format!(
                "    [Parameter({mandatory}HelpMessage = {help})]\n    {form}\n    [{kind}] ${}",
                it.name
            ));
        }
        all.extend(Some(more.to_owned()).filter(|it| !it.is_empty()));
        if all.is_empty() {
            "param()\n".to_owned()
        } else {
            format!("param(\n{}\n)\n", all.join(",\n\n"))
        }
    }

    /// Asks for secrets that were not given.
    fn secrets(&self) -> String {
        let mut out = String::new();
        for it in self.asked.iter().filter(|it| it.form == Asked::Secret) {
            let (name, what) = (&it.name, quoted(&shown(&it.label)));
            let _ = writeln!(out, "${name} = Read-Secret {what} ${name}");
        }
        if out.is_empty() { out } else { format!("\n# --- Secrets\n\n{out}") }
    }

    /// Sign-in, the subscription and the tenant.
    fn sign_in(&self) -> String {
        let given = match given_subscription(self.plan, self.plan.home) {
            Some(guid) => format!("$subscription = '{}'\n", guid.as_str()),
            None => "$subscription = $context.Subscription.Id\n".to_owned(),
        };
        format!("{SIGN_IN}{given}{SUBSCRIPTION}")
    }

    /// Values as they stand in bodies.
    fn spellings(&self) -> String {
        let mut out = String::new();
        for Parameter { name, form, json, .. } in &self.asked {
            let _ = match form {
                Asked::Guid => Ok(()),
                Asked::Text => writeln!(out, "${json} = ConvertTo-JsonText ${name}"),
                Asked::Secret => writeln!(
                    out,
                    "${json} = ConvertTo-JsonText ([Net.NetworkCredential]::new('', ${name}).Password)"
                ),
            };
        }
        out
    }

    fn teardown(&mut self) -> String {
        let plan = self.plan;
        let (mut steps, mut groups) = (String::new(), String::new());
        let (mut listed, mut stays) = (String::new(), String::new());
        let mut count = 0;
        for (n, it) in plan.items.iter().enumerate().rev() {
            if it.arm_type == GROUPS || goes_with_its_parent(plan, n) {
                continue;
            }
            count += 1;
            let kind = plan.all.get(it.from).map_or("", |it| it.kind.info().label.en);
            let what = shown(&format!("{kind} {}", plan.name_of(it.from)));
            let url = word(&self.id_parts(&plan.id(it), &percent));
            let command = format!("Remove-Resource {} '{}' {url}", quoted(&what), api_version(it));
            self.line(&mut steps, &command);
            let _ = writeln!(listed, "    {}", quoted(&what));
            let kept = match it.arm_type {
                VAULTS => {
                    "is soft deleted, and its name is kept: Remove-AzKeyVault -InRemovedState purges it"
                }
                LOGS => "can be recovered for 14 days under its name",
                WORKSPACES => {
                    "is soft deleted for 14 days, and its name is kept: Azure portal, Recently deleted"
                }
                _ => continue,
            };
            let _ = writeln!(stays, "Write-Host {}", quoted(&format!("Stays: {what} {kept}")));
        }
        for it in plan.items.iter().rev().filter(|it| it.arm_type == GROUPS) {
            count += 1;
            let name = shown(&plan.name_of(it.from));
            let url = word(&self.id_parts(&plan.id(it), &percent));
            let version = api_version(it);
            let command = format!("Remove-Group {} '{version}' {url}", quoted(&name));
            self.line(&mut groups, &command);
            let line = format!("Resource group {name}, if it is empty by then");
            let _ = writeln!(listed, "    {}", quoted(&line));
        }
        let mut out = String::from(TEARDOWN_HEAD);
        out.push_str(&self.parameters(FORCE));
        out.push_str(&start(count));
        out.push_str(FUNCTIONS);
        out.push_str(TEARDOWN_FUNCTIONS);
        out.push_str(&self.sign_in());
        let _ = write!(
            out,
            "\n# --- Consent\n\n$everything = @(\n{listed})\nWrite-Host 'This deletes, with all data in it:'\n"
        );
        out.push_str(CONSENT);
        out.push_str("\n# --- Resources, each before those that it needs\n\n");
        out.push_str(&steps);
        out.push_str(&groups);
        out.push_str(&stays);
        out.push_str(END);
        out
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn is_first(plan: &Plan<'_>, it: &ArmResource) -> bool {
    plan.item_of(it.from).is_some_and(|first| std::ptr::eq(first, it))
}

/// The subscription that a place is in, as a place.
fn subscription_of(place: &Place, plan: &Plan<'_>) -> Place {
    Place::Subscription(plan.subscription_of(place))
}

fn start(count: usize) -> String {
    format!(
        "\nSet-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n\n$script:step = 0\n$script:total = {count}\n$script:created = @()\n"
    )
}

const DEPLOY_HEAD: &str = r"#Requires -Version 5.1
<#
.SYNOPSIS
Creates what the design holds, with Azure PowerShell.

.DESCRIPTION
Safe to run twice: what exists already is brought to the same settings; compute of Azure Machine Learning stays as
it is. teardown.ps1 takes it away again.
Runs under Windows PowerShell 5.1 and PowerShell 7, with the module Az.Accounts, after Connect-AzAccount.

.EXAMPLE
./deploy.ps1 -WhatIf
Checks, and says what would be created or updated. Asks for no secrets.

.EXAMPLE
./deploy.ps1
#>
[CmdletBinding(SupportsShouldProcess = $true)]
";

const TEARDOWN_HEAD: &str = r"#Requires -Version 5.1
<#
.SYNOPSIS
Deletes what deploy.ps1 created, after asking.

.DESCRIPTION
Resources that are not of the design stay, and so do resource groups that hold any.
Runs under Windows PowerShell 5.1 and PowerShell 7, with the module Az.Accounts, after Connect-AzAccount.

.EXAMPLE
./teardown.ps1 -WhatIf
Says what would be deleted.

.EXAMPLE
./teardown.ps1
#>
[CmdletBinding(SupportsShouldProcess = $true)]
";

const FORCE: &str = "    [Parameter(HelpMessage = 'Deletes without asking')]\n    [switch] $Force";

const SIGN_IN: &str = r"
# --- Sign-in

if (-not (Get-Module -ListAvailable -Name Az.Accounts)) {
    throw 'The module Az.Accounts is missing: Install-Module -Name Az -Scope CurrentUser'
}
$context = Get-AzContext
if (-not $context -or -not $context.Account) {
    throw 'Not signed in: run Connect-AzAccount'
}
if (-not $context.Subscription -or -not $context.Tenant) {
    throw 'No subscription is chosen: run Set-AzContext -Subscription NAME'
}
";

const SUBSCRIPTION: &str = r#"$tenant = $context.Tenant.Id
$found = Get-AzSubscription -SubscriptionId $subscription -TenantId $tenant -ErrorAction SilentlyContinue
if (-not $found) {
    throw "Subscription $subscription is not among those of tenant ${tenant}: run Connect-AzAccount -Tenant ID"
}
Write-Host "Subscription $subscription, tenant $tenant"
"#;

const FUNCTIONS: &str = r#"
# Says what comes next.
function Write-Step([string] $What) {
    $script:step++
    Write-Host ('[{0}/{1}] {2}' -f $script:step, $script:total, $What)
}

# Sends a request to Azure Resource Manager. Stops if it fails, unless by a status that is accepted.
function Invoke-Request {
    param([string] $Method, [string] $Path, [string] $Body, [int[]] $Accept)
    for ($try = 1; $try -le 20; $try++) {
        if ($Body) {
            $answer = Invoke-AzRestMethod -Method $Method -Path $Path -Payload $Body -WhatIf:$false -Confirm:$false
        }
        else {
            $answer = Invoke-AzRestMethod -Method $Method -Path $Path -WhatIf:$false -Confirm:$false
        }
        if ($answer.StatusCode -lt 300 -or $Accept -contains $answer.StatusCode) {
            return $answer
        }
        # A neighbor is still being changed, or there were too many requests.
        if ($answer.StatusCode -ne 429 -and $answer.Content -notmatch 'AnotherOperationInProgress') {
            break
        }
        Start-Sleep -Seconds 15
    }
    throw "$Method ${Path}: $($answer.StatusCode) $($answer.Content)"
}

# Whether a resource is there.
function Test-Resource([string] $Path) {
    $answer = Invoke-Request -Method GET -Path $Path -Accept 404, 409
    # A provider that is not registered has no resources; another conflict says nothing about them.
    if ($answer.StatusCode -eq 409 -and $answer.Content -notmatch 'MissingSubscriptionRegistration') {
        throw "GET ${Path}: $($answer.Content)"
    }
    $answer.StatusCode -lt 300
}

# The member of an answer at a path such as properties.provisioningState, or nothing.
function Get-AnswerMember($Answer, [string] $Path) {
    if (-not $Answer.Content) {
        return $null
    }
    $value = ConvertFrom-Json -InputObject $Answer.Content
    foreach ($name in $Path.Split('.')) {
        if ($null -eq $value -or $null -eq $value.PSObject.Properties[$name]) {
            return $null
        }
        $value = $value.PSObject.Properties[$name].Value
    }
    $value
}

# The GUID that the function guid() of templates gives for the same texts.
function Get-TemplateGuid([string[]] $Text) {
    $space = [byte[]] (0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd, 0x98, 0xc7, 0xe7, 0x1b, 0xbd, 0x58, 0x88, 0x30)
    $name = [Text.Encoding]::UTF8.GetBytes($Text -join '-')
    $sha1 = [Security.Cryptography.SHA1]::Create()
    $hash = $sha1.ComputeHash([byte[]] ($space + $name))
    $hash[6] = ($hash[6] -band 0x0f) -bor 0x50
    $hash[8] = ($hash[8] -band 0x3f) -bor 0x80
    $hex = [BitConverter]::ToString($hash, 0, 16).Replace('-', '').ToLowerInvariant()
    $hex -replace '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '$1-$2-$3-$4-$5'
}
"#;

const DEPLOY_FUNCTIONS: &str = r#"
# Creates or updates a resource, and waits until it is ready.
function Set-Resource {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([string] $What, [string] $ApiVersion, [string] $Id, [string] $Body)
    Write-Step $What
    $path = "${Id}?api-version=$ApiVersion"
    $change = 'Create or update'
    if ($WhatIfPreference) {
        # Access policies are part of their vault, and cannot be asked for. Traffic comes when its endpoint is there.
        $there = $Id -match '/accessPolicies/' -or $script:created -contains $Id -or (Test-Resource $path)
        $change = if ($there) { 'Update' } else { 'Create' }
        if (-not $there) {
            $script:created += $Id
        }
    }
    if ($PSCmdlet.ShouldProcess($Id, $change)) {
        $answer = Invoke-Request -Method PUT -Path $path -Body $Body
        $state = Get-AnswerMember $answer 'properties.provisioningState'
        # Not everything that is written can be read: policies that are added to those of a vault cannot.
        if ($answer.StatusCode -ne 202 -and (-not $state -or $state -eq 'Succeeded')) {
            return
        }
        Wait-Ready $What $path 'properties.provisioningState' 'Succeeded'
    }
}

# The same for what would be replaced by a new one: it is left alone if it is there.
function Add-Resource {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([string] $What, [string] $ApiVersion, [string] $Id, [string] $Body)
    if (Test-Resource "${Id}?api-version=$ApiVersion") {
        Write-Step $What
        Write-Host '  exists and stays as it is'
        if (-not $WhatIfPreference) {
            Wait-Ready $What "${Id}?api-version=$ApiVersion" 'properties.provisioningState' 'Succeeded'
        }
    }
    else {
        Set-Resource $What $ApiVersion $Id $Body
    }
}

# Waits until a state is reached. Resources that tell no state are ready at once.
function Wait-Ready([string] $What, [string] $Path, [string] $Member, [string] $Ready) {
    for ($try = 1; $try -le 240; $try++) {
        $answer = Invoke-Request -Method GET -Path $Path -Accept 404, 429, 500, 502, 503, 504
        if ($answer.StatusCode -lt 300) {
            $state = Get-AnswerMember $answer $Member
            if (-not $state -or $state -eq $Ready) {
                return
            }
            if ('Failed', 'Canceled' -contains $state) {
                throw "$What ended as $state"
            }
        }
        Start-Sleep -Seconds ([Math]::Min($try, 15))
    }
    throw "$What is not ready after an hour"
}

# Registers a resource provider with the subscription, unless it is.
function Register-Provider {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([string] $Namespace, [string] $ApiVersion, [string] $Id)
    $path = "${Id}?api-version=$ApiVersion"
    $state = Get-AnswerMember (Invoke-Request -Method GET -Path $path) 'registrationState'
    if ($state -ne 'Registered' -and $PSCmdlet.ShouldProcess($Id, 'Register')) {
        [void] (Invoke-Request -Method POST -Path "$Id/register?api-version=$ApiVersion")
        Wait-Ready $Namespace $path 'registrationState' 'Registered'
    }
}

# Stops if somebody else has a name that all of Azure shares.
function Assert-Name([string] $What, [string] $ApiVersion, [string] $Id, [string] $Service, [string] $Question) {
    if (Test-Resource "${Id}?api-version=$ApiVersion") {
        return
    }
    $path = "$Service/checkNameAvailability?api-version=$ApiVersion"
    $answer = Invoke-Request -Method POST -Path $path -Body $Question -Accept 409
    if ((Get-AnswerMember $answer 'nameAvailable') -eq $false) {
        throw "The name is taken, choose another: $What. $(Get-AnswerMember $answer 'message')"
    }
}

# Stops if a deleted vault still holds the name.
function Assert-NotDeleted([string] $What, [string] $ApiVersion, [string] $Id) {
    if (Test-Resource "${Id}?api-version=$ApiVersion") {
        throw "A deleted vault has this name: $What. Undo-AzKeyVaultRemoval recovers it, Remove-AzKeyVault -InRemovedState purges it"
    }
}

# Reads an id that Azure made up for a resource. With -WhatIf there may be none yet.
function Get-ObjectId([string] $What, [string] $ApiVersion, [string] $Id, [string] $Member) {
    if ($WhatIfPreference -and -not (Test-Resource "${Id}?api-version=$ApiVersion")) {
        return '00000000-0000-0000-0000-000000000000'
    }
    $value = Get-AnswerMember (Invoke-Request -Method GET -Path "${Id}?api-version=$ApiVersion") $Member
    if ($value -notmatch '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z') {
        throw "Cannot read the $Member of $What"
    }
    $value
}

# Reads the first key of a storage account.
function Get-Key([string] $What, [string] $ApiVersion, [string] $Id) {
    if ($WhatIfPreference) {
        return ''
    }
    $answer = Invoke-Request -Method POST -Path "$Id/listKeys?api-version=$ApiVersion"
    $key = @(Get-AnswerMember $answer 'keys')[0].value
    if ($key -notmatch '^[A-Za-z0-9+/=]+\z') {
        throw "Cannot read the key of $What"
    }
    $key
}

# The shares of requests that deployments of an endpoint get now, as JSON: they stay as they are until the end.
function Get-Traffic([string] $ApiVersion, [string] $Id) {
    $answer = Invoke-Request -Method GET -Path "${Id}?api-version=$ApiVersion" -Accept 404, 409
    $traffic = $null
    if ($answer.StatusCode -lt 300) {
        $traffic = Get-AnswerMember $answer 'properties.traffic'
    }
    if ($null -eq $traffic) {
        return '{}'
    }
    ConvertTo-Json -InputObject $traffic -Compress
}

# A secret: the one that was given, else one to type. With -WhatIf none is needed.
function Read-Secret([string] $What, [securestring] $Given) {
    if ($null -ne $Given) {
        return $Given
    }
    if ($WhatIfPreference) {
        return New-Object -TypeName Security.SecureString
    }
    Read-Host -Prompt $What -AsSecureString
}

# A text as the inside of a JSON string, in ASCII.
function ConvertTo-JsonText([string] $Text) {
    $out = New-Object -TypeName Text.StringBuilder
    foreach ($unit in $Text.ToCharArray()) {
        $code = [int] $unit
        if ($code -lt 0x20 -or $code -gt 0x7e -or $code -eq 0x22 -or $code -eq 0x5c) {
            [void] $out.AppendFormat('\u{0:x4}', $code)
        }
        else {
            [void] $out.Append($unit)
        }
    }
    $out.ToString()
}
"#;

const TEARDOWN_FUNCTIONS: &str = r#"
# Deletes a resource if it is there, and waits until it is gone.
function Remove-Resource([string] $What, [string] $ApiVersion, [string] $Id) {
    Write-Step $What
    Remove-Existing $What "${Id}?api-version=$ApiVersion"
}

# Deletes a resource group, unless it holds what is not of the design.
function Remove-Group([string] $Name, [string] $ApiVersion, [string] $Id) {
    Write-Step "Resource group $Name"
    $answer = Invoke-Request -Method GET -Path "$Id/resources?api-version=$ApiVersion" -Accept 404
    if ($answer.StatusCode -lt 300 -and -not $WhatIfPreference) {
        $left = @(Get-AnswerMember $answer 'value').Count
        if ($left -gt 0) {
            Write-Host "  stays: it holds $left other resources"
            return
        }
    }
    Remove-Existing "Resource group $Name" "${Id}?api-version=$ApiVersion"
}

function Remove-Existing {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([string] $What, [string] $Path)
    if (-not (Test-Resource $Path)) {
        Write-Host '  already gone'
        return
    }
    if (-not $PSCmdlet.ShouldProcess($Path, 'Delete')) {
        return
    }
    [void] (Invoke-Request -Method DELETE -Path $Path -Accept 404)
    for ($try = 1; $try -le 240; $try++) {
        if (-not (Test-Resource $Path)) {
            return
        }
        Start-Sleep -Seconds ([Math]::Min($try, 15))
    }
    throw "$What is not gone after an hour"
}
"#;

const CONSENT: &str = r#"foreach ($it in $everything) {
    Write-Host "  $it"
}
if (-not $Force -and -not $WhatIfPreference) {
    $answer = Read-Host -Prompt 'Type yes to delete'
    if ($answer -cne 'yes') {
        throw 'Nothing was deleted'
    }
}
"#;

const DEPLOY_END: &str = r"Write-Host ''
if ($WhatIfPreference) {
    Write-Host 'Nothing was changed.'
}
else {
    Write-Host ('Done: {0} of {1} steps.' -f $script:step, $script:total)
}
";

const END: &str = "Write-Host 'Stays: role assignments that others gave to the deleted identities; the portal shows them as Identity not found'
Write-Host ''
if ($WhatIfPreference) {
    Write-Host 'Nothing was deleted.'
}
else {
    Write-Host 'Done.'
}
";
