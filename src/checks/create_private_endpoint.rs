//! Can a private endpoint for a workspace be created, and is it approved?
//!
//! Steps in Azure:
//! 1. the call writes the endpoint into the network's resource group and joins the subnet, a right on the
//!    subnet (linked resource),
//! 2. with the right to approve on the workspace, the connection is approved at once; without it the
//!    endpoint is made and stays pending until somebody on the workspace's side approves,
//! 3. a DNS zone group writes records into the private zones. The page names no actions for it: what is
//!    asked is to join the zone and to write its A records.
//!
//! Azure docs: "Azure RBAC permissions for Azure Private Link" (private-link/rbac-permissions).

use super::{Actor, Check, Group, Plan, Requirement, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, private_endpoint::PrivateEndpoint, workspace::Workspace},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.private_endpoint.create",
    title: text(
        "Create a private endpoint for a workspace",
        "ワークスペースのプライベート エンドポイントを作成する",
    ),
    group: Group::Setup,
    source: "private-link/rbac-permissions",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for endpoint in all.of(Kind::PrivateEndpoint) {
        let target = endpoint.follow(read!(PrivateEndpoint, endpoint).target);
        let Some(workspace) = target.filter(|it| it.kind() == Kind::Workspace) else { continue };
        for person in setup::administrators(endpoint) {
            plans.push(plan(&person, endpoint, workspace));
        }
    }
    plans
}

fn plan(person: &Actor, endpoint: Subject<'_>, workspace: Subject<'_>) -> Plan {
    let mut involves = vec![workspace.id];
    let mut needs = Vec::new();
    if let Some(group) = endpoint.within(Kind::ResourceGroup) {
        needs.push(
            Requirement::may(
                person,
                text(
                    "create private endpoints in {0}",
                    "{0} でのプライベート エンドポイントの作成",
                )
                .with([arg(group.name())]),
                Plane::Control,
                &["Microsoft.Network/privateEndpoints/write"],
                group.id,
            )
            .shows("sy-authorization-failed"),
        );
    }
    if let Some(network) = endpoint.within(Kind::VirtualNetwork) {
        needs.push(
            Requirement::may(
                person,
                text("read {0}", "{0} の読み取り").with([arg(network.name())]),
                Plane::Control,
                &["Microsoft.Network/virtualNetworks/read"],
                network.id,
            )
            .shows("sy-authorization-failed"),
        );
    }
    if let Some(subnet) = endpoint.within(Kind::Subnet) {
        involves.push(subnet.id);
        needs.push(
            Requirement::may(
                person,
                text("join {0}", "{0} への参加").with([arg(subnet.name())]),
                Plane::Control,
                &[
                    "Microsoft.Network/virtualNetworks/subnets/read",
                    "Microsoft.Network/virtualNetworks/subnets/join/action",
                ],
                subnet.id,
            )
            .shows("sy-linked-authorization-failed"),
        );
    }
    if endpoint.within(Kind::Subnet).is_none() {
        needs.push(Requirement::mode(
            text("subnet of {0}", "{0} のサブネット").with([arg(endpoint.name())]),
            vec![
                Step::unknown(
                    Hop::Validation,
                    text(
                        "{0} stands in no subnet; put it into the one that gives it its address",
                        "{0} がサブネットに置かれていません。アドレスを割り当てるサブネットに配置してください",
                    )
                    .with([arg(endpoint.name())]),
                )
                .at(endpoint.id),
            ],
        ));
    }
    needs.push(
        Requirement::may(
            person,
            text("approve connections to {0}", "{0} への接続の承認").with([arg(workspace.name())]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action"],
            workspace.id,
        )
        .part(),
    );
    for zone in read!(PrivateEndpoint, endpoint).private_dns_zones.clone() {
        let Some(zone) = endpoint.follow(Some(zone)) else { continue };
        involves.push(zone.id);
        needs.push(
            Requirement::may(
                person,
                text("register names in {0}", "{0} への名前の登録").with([arg(zone.name())]),
                Plane::Control,
                &[
                    "Microsoft.Network/privateDnsZones/read",
                    "Microsoft.Network/privateDnsZones/A/write",
                    "Microsoft.Network/privateDnsZones/join/action",
                ],
                zone.id,
            )
            .shows("sy-linked-authorization-failed")
            .part(),
        );
    }
    let mut plan = setup::plan(endpoint, person, involves, needs);
    if read!(Workspace, workspace).application_insights.is_some() {
        plan.notes.push(
            text(
                "out of date in the article of 2020: Application Insights can be reached privately today, through an Azure Monitor private link scope",
                "2020 年の記事の記載は古くなっています。現在は Azure Monitor プライベート リンク スコープにより、Application Insights もプライベート接続できます",
            )
            .into(),
        );
    }
    plan.notes.push(
        text(
            "without the right to approve, the connection is made and stays Pending until somebody approves it on the workspace",
            "承認の権限がない場合、接続は作成されますが、ワークスペース側で承認されるまで保留中のままです",
        )
        .into(),
    );
    plan
}
