//! Azure regions, for pickers, host names and regional service tags.
//!
//! Azure docs: "List of Azure regions" (reliability/regions-list). Regions that need special access
//! or belong to another cloud are left out; a design may still name them as free text.

use crate::text::{Text, text};

/// A region of the public cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// Name in templates and host names (ARM: `location`).
    pub name: &'static str,
    pub label: Text,
    /// Spelling inside service tags where that differs: the published tag list shortens some names.
    pub tag_name: Option<&'static str>,
}

/// Finds a region by its name, its English display name or its spelling in service tags. Azure
/// compares locations without case and spaces.
pub fn find(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| {
        same(region.name, name) || region.tag_name.is_some_and(|tag_name| same(tag_name, name))
    })
}

/// The paired region, which a service endpoint for storage reaches as well.
///
/// Azure docs: "Azure region pairs" (reliability/cross-region-replication-azure).
pub fn pair(name: &str) -> Option<&'static str> {
    let both = PAIRS.iter().find_map(|(a, b)| {
        if same(a, name) {
            Some(*b)
        } else if same(b, name) {
            Some(*a)
        } else {
            None
        }
    });
    both.or_else(|| ONE_WAY.iter().find(|(a, _)| same(a, name)).map(|(_, b)| *b))
}

static PAIRS: &[(&str, &str)] = &[
    ("japaneast", "japanwest"),
    ("eastus", "westus"),
    ("eastus2", "centralus"),
    ("northcentralus", "southcentralus"),
    ("westus2", "westcentralus"),
    ("canadacentral", "canadaeast"),
    ("northeurope", "westeurope"),
    ("uksouth", "ukwest"),
    ("francecentral", "francesouth"),
    ("germanywestcentral", "germanynorth"),
    ("switzerlandnorth", "switzerlandwest"),
    ("norwayeast", "norwaywest"),
    ("swedencentral", "swedensouth"),
    ("eastasia", "southeastasia"),
    ("australiaeast", "australiasoutheast"),
    ("australiacentral", "australiacentral2"),
    ("koreacentral", "koreasouth"),
    ("centralindia", "southindia"),
    ("jioindiawest", "jioindiacentral"),
    ("uaenorth", "uaecentral"),
    ("southafricanorth", "southafricawest"),
];

/// Regions whose pair has another pair of its own.
static ONE_WAY: &[(&str, &str)] =
    &[("westus3", "eastus"), ("brazilsouth", "southcentralus"), ("westindia", "southindia")];

/// Equal as Azure compares locations: without case and spaces.
pub fn same(a: &str, b: &str) -> bool {
    let mut a = a.bytes().filter(|it| *it != b' ').map(|it| it.to_ascii_lowercase());
    let mut b = b.bytes().filter(|it| *it != b' ').map(|it| it.to_ascii_lowercase());
    a.by_ref().eq(b.by_ref())
}

const fn region(name: &'static str, en: &'static str, ja: &'static str) -> Region {
    Region { name, label: text(en, ja), tag_name: None }
}

const fn tagged(
    name: &'static str,
    en: &'static str,
    ja: &'static str,
    tag_name: &'static str,
) -> Region {
    Region { name, label: text(en, ja), tag_name: Some(tag_name) }
}

/// Japan first, because that is where the seeds of the gallery stand; then by geography.
pub static REGIONS: &[Region] = &[
    region("japaneast", "Japan East", "東日本"),
    region("japanwest", "Japan West", "西日本"),
    region("eastus", "East US", "米国東部"),
    region("eastus2", "East US 2", "米国東部 2"),
    region("southcentralus", "South Central US", "米国中南部"),
    region("westus", "West US", "米国西部"),
    region("westus2", "West US 2", "米国西部 2"),
    region("westus3", "West US 3", "米国西部 3"),
    region("centralus", "Central US", "米国中部"),
    region("northcentralus", "North Central US", "米国中北部"),
    region("westcentralus", "West Central US", "米国中西部"),
    region("canadacentral", "Canada Central", "カナダ中部"),
    region("canadaeast", "Canada East", "カナダ東部"),
    region("mexicocentral", "Mexico Central", "メキシコ中部"),
    region("brazilsouth", "Brazil South", "ブラジル南部"),
    region("chilecentral", "Chile Central", "チリ中部"),
    region("northeurope", "North Europe", "北ヨーロッパ"),
    region("westeurope", "West Europe", "西ヨーロッパ"),
    region("uksouth", "UK South", "英国南部"),
    region("ukwest", "UK West", "英国西部"),
    tagged("francecentral", "France Central", "フランス中部", "centralfrance"),
    tagged("germanywestcentral", "Germany West Central", "ドイツ中西部", "germanywc"),
    tagged("norwayeast", "Norway East", "ノルウェー東部", "norwaye"),
    tagged("switzerlandnorth", "Switzerland North", "スイス北部", "switzerlandn"),
    region("swedencentral", "Sweden Central", "スウェーデン中部"),
    region("polandcentral", "Poland Central", "ポーランド中部"),
    region("italynorth", "Italy North", "イタリア北部"),
    region("spaincentral", "Spain Central", "スペイン中部"),
    region("austriaeast", "Austria East", "オーストリア東部"),
    region("eastasia", "East Asia", "東アジア"),
    region("southeastasia", "Southeast Asia", "東南アジア"),
    region("koreacentral", "Korea Central", "韓国中部"),
    region("koreasouth", "Korea South", "韓国南部"),
    region("centralindia", "Central India", "インド中部"),
    region("southindia", "South India", "インド南部"),
    region("westindia", "West India", "インド西部"),
    region("indonesiacentral", "Indonesia Central", "インドネシア中部"),
    region("malaysiawest", "Malaysia West", "マレーシア西部"),
    region("australiaeast", "Australia East", "オーストラリア東部"),
    region("australiasoutheast", "Australia Southeast", "オーストラリア南東部"),
    region("australiacentral", "Australia Central", "オーストラリア中部"),
    region("newzealandnorth", "New Zealand North", "ニュージーランド北部"),
    region("uaenorth", "UAE North", "アラブ首長国連邦北部"),
    region("qatarcentral", "Qatar Central", "カタール中部"),
    region("israelcentral", "Israel Central", "イスラエル中部"),
    region("southafricanorth", "South Africa North", "南アフリカ北部"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_found_by_each_of_its_spellings() {
        for name in ["japaneast", "JapanEast", "Japan East"] {
            assert_eq!(find(name).map(|it| it.name), Some("japaneast"));
        }
        assert_eq!(find("centralfrance").map(|it| it.name), Some("francecentral"));
        assert_eq!(find("japan"), None);
    }

    // reliability/cross-region-replication-azure.
    #[test]
    fn pairs_are_mutual_but_for_three() {
        assert_eq!(pair("Japan East"), Some("japanwest"));
        assert_eq!(pair("japanwest"), Some("japaneast"));
        assert_eq!(pair("brazilsouth"), Some("southcentralus"));
        assert_eq!(pair("southcentralus"), Some("northcentralus"));
        assert_eq!(pair("westus3"), Some("eastus"));
        assert_eq!(pair("italynorth"), None);
    }
}
