//! Online endpoints and their deployments: shared by the checks about endpoints.

use std::sync::Arc;

use super::place;
use crate::{
    kinds::{
        Kind, ResourceId, Resources, Subject, online_deployment::OnlineDeployment,
        online_endpoint::OnlineEndpoint,
    },
    text::{Message, arg, text},
};

/// A deployment on machines of Azure (a managed endpoint), with all that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Deployed<'a> {
    pub workspace: Subject<'a>,
    pub endpoint: Subject<'a>,
    pub deployment: Subject<'a>,
}

impl Deployed<'_> {
    pub(super) fn involves(self) -> Vec<ResourceId> {
        vec![self.endpoint.id, self.deployment.id]
    }

    /// "from my-endpoint/blue to hellocontainer": deployments of different endpoints may share a name.
    pub(super) fn to(self, target: Subject<'_>) -> Message {
        text("from {0}/{1} to {2}", "{0}/{1} から {2} へ").with([
            arg(self.endpoint.name()),
            arg(self.deployment.name()),
            arg(target.name()),
        ])
    }

    pub(super) fn settings(self) -> Arc<OnlineDeployment> {
        read!(OnlineDeployment, self.deployment)
    }
}

/// Deployments of managed endpoints; those on Kubernetes pull and read as their cluster.
pub(super) fn managed(all: &Resources) -> Vec<Deployed<'_>> {
    all.of(Kind::OnlineDeployment)
        .filter_map(|deployment| {
            let endpoint = deployment.within(Kind::OnlineEndpoint)?;
            let workspace = place::workspace_of(endpoint)?;
            let managed = read!(OnlineEndpoint, endpoint).compute.is_none();
            managed.then_some(Deployed { workspace, endpoint, deployment })
        })
        .collect()
}
