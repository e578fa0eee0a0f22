//! Small designs for the tests of kinds.

use serde_json::{Value, json};

use super::{Kind, Resource, ResourceId, Resources, arm::ArmResource};
use crate::text::Lang;

/// A design that a test draws line by line.
#[derive(Default)]
pub(crate) struct Sketch {
    all: Resources,
}

impl Sketch {
    /// A resource group with a virtual network 10.0.0.0/16.
    pub(crate) fn network() -> (Sketch, ResourceId) {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let network = it.add(Kind::VirtualNetwork, "vnet", group, json!({}));
        (it, network)
    }

    /// The same with a subnet 10.0.1.0/24.
    pub(crate) fn subnet() -> (Sketch, ResourceId) {
        let (mut it, network) = Sketch::network();
        let settings = json!({"addressPrefix": "10.0.1.0/24"});
        let subnet = it.add(Kind::Subnet, "snet", network, settings);
        (it, subnet)
    }

    #[expect(clippy::needless_pass_by_value, reason = "written in place by the tests")]
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        name: &str,
        parent: impl Into<Option<ResourceId>>,
        settings: Value,
    ) -> ResourceId {
        let id = ResourceId(u32::try_from(self.all.0.len()).unwrap() + 1);
        self.all.0.insert(id, Resource::new(kind, name, parent.into()).into());
        for (key, value) in settings.as_object().unwrap() {
            self.set(id, key, value.clone());
        }
        id
    }

    pub(crate) fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        let it = std::sync::Arc::make_mut(self.all.0.get_mut(&id).unwrap());
        assert!(it.kind.info().fields.iter().any(|it| it.key == key), "{key}");
        it.settings.insert(key.to_owned(), value);
    }

    /// The settings that have a problem.
    pub(crate) fn wrong(&self, id: ResourceId) -> Vec<String> {
        let problems = self.all.subject(id).unwrap().problems();
        problems.into_iter().map(|it| it.field).collect()
    }

    /// The English text of the only problem.
    pub(crate) fn text(&self, id: ResourceId) -> String {
        let problems = self.all.subject(id).unwrap().problems();
        let [only] = &problems[..] else { panic!("{problems:?}") };
        only.text.render(Lang::En)
    }

    pub(crate) fn lowered(&self, id: ResourceId) -> Vec<ArmResource> {
        let it = self.all.subject(id).unwrap();
        (it.info().arm)(it)
    }

    pub(crate) fn all(&self) -> &Resources {
        &self.all
    }
}
