//! Exporters: print what the kinds lowered themselves to. They decide nothing.

use std::cell::OnceCell;

use crate::{
    design::Design,
    text::{Message, Text},
};
use plan::Plan;
use svg::Picture;

// The order of creation, and where each resource goes.
mod plan;

// What scripts share.
mod script;

// The language of templates: ids, values, what is deployed together.
mod template;

// Lists and objects in any format.
mod tree;

// Azure Resource Manager template with its parameters.
pub mod arm;

// The same in Bicep.
pub mod bicep;

// Scripts for the Azure CLI.
pub mod azure_cli;

// Scripts for Azure PowerShell.
pub mod powershell;

// Files of Azure Machine Learning itself.
pub mod ml;

// Terraform, for the provider azapi.
pub mod terraform;

// Picture that opens again.
pub mod svg;

// Documents to hand on.
pub mod report;

// All files in one.
pub mod archive;

// Pieces of a file, for a preview in colours.
pub mod tokens;

// What every writer of literals must bring through.
#[cfg(test)]
mod laws;

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path inside the export, such as `azuredeploy.json`.
    pub name: String,
    pub text: String,
}

/// Why nothing is exported: each refused field by name, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<Message>);

/// An export format.
pub struct Exporter {
    /// `arm`, `cli`, `svg`.
    pub id: &'static str,
    pub title: Text,
    pub help: Text,
    pub run: fn(&Basis<'_>) -> Result<Vec<File>, Refused>,
}

impl Exporter {
    /// The files of one format alone.
    pub fn export(&self, design: &Design) -> Result<Vec<File>, Refused> {
        (self.run)(&Basis::of(design))
    }
}

/// What formats are written from: a design, and what several of them make of it, made when the first one asks.
pub struct Basis<'a> {
    design: &'a Design,
    plan: OnceCell<Result<Plan<'a>, Refused>>,
    picture: OnceCell<Picture>,
}

impl<'a> Basis<'a> {
    pub fn of(design: &'a Design) -> Basis<'a> {
        Basis { design, plan: OnceCell::new(), picture: OnceCell::new() }
    }

    fn picture(&self) -> &Picture {
        self.picture.get_or_init(|| svg::drawing(self.design))
    }

    fn plan(&self) -> Result<&Plan<'a>, Refused> {
        self.plan.get_or_init(|| plan::plan(self.design)).as_ref().map_err(Clone::clone)
    }
}

/// Every format, in the order of the menu.
pub const ALL: &[Exporter] = &[
    arm::EXPORTER,
    bicep::EXPORTER,
    terraform::EXPORTER,
    azure_cli::EXPORTER,
    powershell::EXPORTER,
    ml::EXPORTER,
    svg::EXPORTER,
    report::EXPORTER,
];

/// Every format at once.
pub struct Everything {
    /// Each in a folder named like its format.
    pub files: Vec<File>,
    /// Formats that have none, and why.
    pub refused: Vec<(&'static Exporter, Refused)>,
}

/// All files of a design. What formats have in common is worked out once.
pub fn everything(design: &Design) -> Everything {
    let basis = Basis::of(design);
    let mut all = Everything { files: Vec::new(), refused: Vec::new() };
    for exporter in ALL {
        match (exporter.run)(&basis) {
            Ok(files) => all.files.extend(
                files
                    .into_iter()
                    .map(|it| File { name: format!("{}/{}", exporter.id, it.name), ..it }),
            ),
            Err(refused) => all.refused.push((exporter, refused)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{Kind, testing::Sketch};

    #[test]
    fn what_one_format_refuses_leaves_the_others() {
        let (mut it, _) = Sketch::subnet();
        let group = crate::kinds::ResourceId(1);
        let folders = |it: &Everything| {
            let mut all: Vec<String> = it
                .files
                .iter()
                .filter_map(|it| Some(it.name.split_once('/')?.0.to_owned()))
                .collect();
            all.dedup();
            all
        };
        let design = |it: &Sketch| Design { resources: it.all().clone(), ..Design::default() };
        let whole = everything(&design(&it));
        assert!(whole.refused.is_empty());
        assert_eq!(folders(&whole), ALL.iter().map(|it| it.id).collect::<Vec<&str>>());
        it.add(Kind::StorageAccount, "Not A Name", group, json!({}));
        let part = everything(&design(&it));
        assert!(!part.refused.is_empty());
        let refused = |id: &str| part.refused.iter().any(|it| it.0.id == id);
        let rest = ALL.iter().map(|it| it.id).filter(|it| !refused(it)).collect::<Vec<&str>>();
        assert_eq!(folders(&part), rest);
        assert!(rest.contains(&"report"));
    }
}
