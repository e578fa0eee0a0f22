//! Can compute quota be set?
//!
//! The action is one of the subscription, also where the quota is that of a workspace: a role on a
//! resource group or on the workspace does not reach it.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles).

use super::{Actor, Check, Group, Plan, Requirement, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, subscription::Subscription},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "quota.update",
    title: text("Set compute quota", "コンピューティング クォータを設定する"),
    group: Group::Setup,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for subscription in all.of(Kind::Subscription) {
        let Some(by) = subscription.follow(read!(Subscription, subscription).quota_set_by) else {
            continue;
        };
        let actor = Actor::is(
            by.id,
            text("{0} acts: sets the quota", "{0} として実行: クォータを設定するユーザー")
                .with([arg(by.name())]),
            "",
        );
        let needs = vec![
            Requirement::may(
                &actor,
                text("set quotas in {0}", "{0} でのクォータの設定")
                    .with([arg(subscription.name())]),
                Plane::Control,
                &["Microsoft.MachineLearningServices/locations/updateQuotas/action"],
                subscription.id,
            )
            .shows("sy-quota-scope"),
        ];
        plans.push(setup::plan(subscription, &actor, [], needs));
    }
    plans
}
