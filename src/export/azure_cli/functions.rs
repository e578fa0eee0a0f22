//! Bash functions, each written once, whichever scripts it stands in.

pub(in crate::export) const FAIL: &str = r#"
fail() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}
"#;

/// Needs `step` and `total`.
pub(in crate::export) const STEP: &str = r#"
# step WHAT: says what comes next.
step() {
  step=$((step + 1))
  printf '[%d/%d] %s\n' "$step" "$total" "$1"
}
"#;

/// Needs `folder`.
pub(in crate::export) const IS_MISSING: &str = r#"
# is_missing: whether the error of the last az rest says that there is no such resource.
is_missing() {
  local error
  error="$(<"$folder/error")"
  # Of a provider that the subscription never used, there are none.
  [[ "$error" == *'Not Found'* || "$error" == *MissingSubscriptionRegistration* ]]
}
"#;

pub(in crate::export) const IS_GUID: &str = r#"
is_guid() {
  [[ "$1" =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]]
}
"#;

pub(in crate::export) const IS_KEY: &str = r#"
is_key() {
  [[ "$1" =~ ^[A-Za-z0-9+/=]+$ ]]
}
"#;

pub(in crate::export) const ASK: &str = r#"
# ask VARIABLE WHAT FORM: takes the value from the environment, or asks for it.
ask() {
  local answer="${!1:-}"
  if [[ -z "$answer" ]]; then
    [[ -t 0 ]] || fail "set $1 ($2)"
    if [[ "$3" == secret ]]; then
      IFS= read -r -s -p "$2: " answer
      printf '\n'
    else
      IFS= read -r -p "$2: " answer
    fi
  fi
  [[ "$3" != guid ]] || is_guid "$answer" || fail "$1 must be a GUID ($2)"
  printf -v "$1" '%s' "$answer"
}
"#;

pub(in crate::export) const JSON_TEXT: &str = r#"
# json_text TEXT: prints a text as the inside of a JSON string.
json_text() {
  local text="$1"
  text="${text//\\/\\\\}"
  text="${text//\"/\\\"}"
  text="${text//$'\n'/\\n}"
  text="${text//$'\r'/\\r}"
  text="${text//$'\t'/\\t}"
  [[ ! "$text" =~ [[:cntrl:]] ]] || fail 'a value has control characters'
  printf '%s' "$text"
}
"#;

pub(in crate::export) const GUID: &str = r#"
# guid TEXT...: prints the GUID that the function guid() of templates gives for the same texts.
guid() {
  local text hash
  text="$(printf '%s-' "$@")"
  hash="$({
    printf '\x11\xfb\x06\xfb\x71\x2d\x4d\xdd\x98\xc7\xe7\x1b\xbd\x58\x88\x30'
    printf '%s' "${text%-}"
  } | if command -v sha1sum >/dev/null; then sha1sum; else shasum; fi)"
  printf '%s-%s-5%s-%x%s-%s' "${hash:0:8}" "${hash:8:4}" "${hash:13:3}" \
    "$((0x${hash:16:1} & 3 | 8))" "${hash:17:3}" "${hash:20:12}"
}
"#;

/// Needs `registered`, `what_if` and `subscription`.
pub(super) const REGISTER: &str = r#"
# register NAMESPACE: makes the subscription ready for a resource provider, unless it is.
register() {
  if grep -qixF -- "$1" <<<"$registered"; then
    return
  elif [[ "$what_if" == yes ]]; then
    printf 'Resource provider %s would be registered\n' "$1"
  else
    az provider register --namespace "$1" --subscription "$subscription" --wait --output none
  fi
}
"#;

/// What becomes of each resource, told before or instead. Needs `what_if`, `created` and their like besides.
pub(in crate::export) const FORESEE: &str = r#"
# foresee ID: says what would become of a resource.
foresee() {
  # Access policies are part of their vault, and cannot be asked for. Traffic comes when its endpoint is there.
  if [[ "$1" == */accessPolicies/* || "$new_ones " == *" $1 "* ]] || exists "$1"; then
    printf '  would be brought to these settings\n'
    changed=$((changed + 1))
  else
    printf '  would be created\n'
    new_ones+=" $1"
    created=$((created + 1))
  fi
}

# exists ID: whether a resource is there.
exists() {
  az rest --method get --url "$1" --output none 2>"$folder/error" && return
  is_missing || fail "cannot look at $1: $(<"$folder/error")"
  return 1
}

# begin WHAT ID: says what comes next. With --what-if, says what would become of it, and that there is nothing to do.
begin() {
  step "$1"
  [[ "$what_if" == no ]] || foresee "$2"
  [[ "$what_if" == no ]]
}
"#;

/// What deploys alone. Needs `what_if` besides.
pub(super) const DEPLOY: &str = r#"
# is_free ANSWER KIND NAME: stops if the name is taken by somebody else.
is_free() {
  case "$1" in
    true) ;;
    false) fail "the $2 name $3 is taken; choose another" ;;
    *)
      [[ "$what_if" == yes ]] || fail "cannot see whether the $2 name $3 is taken"
      printf 'Not known: whether the %s name %s is taken\n' "$2" "$3"
      ;;
  esac
}

# is_not_deleted ANSWER NAME: stops if a deleted vault still holds the name.
is_not_deleted() {
  [[ -z "$1" ]] || fail "a deleted vault has the name $2; run az keyvault recover --name $2, or purge it"
}

# id_of WHAT ID QUERY: prints an id that Azure made up for a resource; with --what-if, zeros if there is none yet.
id_of() {
  local value
  if ! value="$(az rest --method get --url "$2" --query "$3" --output tsv 2>"$folder/error")"; then
    if [[ "$what_if" == no ]] || ! is_missing; then
      fail "cannot read the $1: $(<"$folder/error")"
    fi
    value=00000000-0000-0000-0000-000000000000
  fi
  is_guid "$value" || fail "cannot read the $1"
  printf '%s' "$value"
}

# key_of WHAT ID: prints the first key of a storage account; with --what-if, nothing.
key_of() {
  local value
  [[ "$what_if" == no ]] || return 0
  value="$(az rest --method post --url "$2" --query 'keys[0].value' --output tsv)"
  is_key "$value" || fail "cannot read the $1"
  printf '%s' "$value"
}

# put WHAT ID BODY: creates or updates a resource, and waits until it is ready. The body goes through a
# file of ours: it may hold secrets, and be longer than an argument can be.
put() {
  local state
  begin "$1" "$2" || return 0
  printf '%s' "$3" >"$folder/body"
  state="$(az rest --method put --url "$2" --body "@$folder/body" --query properties.provisioningState --output tsv)"
  # Access policies are part of their vault, and cannot be asked for.
  [[ "$state" == Succeeded || "$2" == */accessPolicies/* ]] || wait_until_ready "$2"
}

# put_new WHAT ID BODY: the same for what would be replaced by a new one: it is left alone if it is there.
put_new() {
  if exists "$2"; then
    step "$1"
    printf '  exists and stays as it is\n'
    kept=$((kept + 1))
    [[ "$what_if" == yes ]] || wait_until_ready "$2"
  else
    put "$@"
  fi
}

# wait_until_ready ID: some types are not to be seen at first.
wait_until_ready() {
  local state
  for _ in {1..240}; do
    if state="$(az rest --method get --url "$1" --query properties.provisioningState --output tsv 2>"$folder/error")"; then
      case "$state" in
        Succeeded | '') return ;;
        Failed | Canceled) fail "$1 ended as $state" ;;
      esac
    else
      is_missing || fail "cannot look at $1: $(<"$folder/error")"
    fi
    sleep 15
  done
  fail "$1 is not ready after an hour"
}

# current ID QUERY: prints a property that is an object, in JSON; {} if there is none yet.
current() {
  local value
  if value="$(az rest --method get --url "$1" --query "$2" --output json 2>"$folder/error")"; then
    [[ -n "$value" && "$value" != null ]] || value='{}'
  else
    is_missing || fail "cannot look at $1: $(<"$folder/error")"
    value='{}'
  fi
  printf '%s' "$value"
}
"#;

/// What deletes alone. Needs `what_if` besides.
pub(super) const TEARDOWN: &str = r#"
# foresee ID: says whether a resource would be deleted.
foresee() {
  if az rest --method get --url "$1" --output none 2>"$folder/error"; then
    printf '  would be deleted\n'
  else
    is_missing || fail "cannot look at $1: $(<"$folder/error")"
    printf '  already gone\n'
  fi
}

# remove WHAT ID: deletes a resource if it is there, and waits until it is gone.
remove() {
  step "$1"
  if [[ "$what_if" == yes ]]; then
    foresee "$2"
    return
  fi
  if ! az rest --method delete --url "$2" --output none 2>"$folder/error"; then
    is_missing || fail "cannot delete $1: $(<"$folder/error")"
    printf '  already gone\n'
    return
  fi
  for _ in {1..240}; do
    if ! az rest --method get --url "$2" --output none 2>"$folder/error"; then
      is_missing || fail "cannot see whether $1 is gone: $(<"$folder/error")"
      return
    fi
    sleep 15
  done
  fail "$1 is not gone after an hour"
}

# remove_group NAME ID: deletes a resource group, unless it holds what is not of the design.
remove_group() {
  local left
  step "Resource group $1"
  if [[ "$what_if" == yes ]]; then
    foresee "$2?api-version=2025-04-01"
    return
  fi
  if ! left="$(az rest --method get --url "$2/resources?api-version=2025-04-01" --query 'length(value)' --output tsv 2>"$folder/error")"; then
    is_missing || fail "cannot look into $1: $(<"$folder/error")"
    printf '  already gone\n'
  elif [[ "$left" == 0 ]]; then
    az rest --method delete --url "$2?api-version=2025-04-01" --output none
  else
    printf '  stays: it holds %s other resources\n' "$left"
  fi
}
"#;
