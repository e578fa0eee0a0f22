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
