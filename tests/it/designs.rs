//! Random designs for the laws: real kinds in allowed places, with settings of the right shape.

use std::sync::Arc;

use drawbridge::{
    design::{Design, Place},
    kinds::{
        Form, Kind, Parent, Resource, ResourceId,
        setting::{Field, Shape},
    },
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A number that drives every choice, so that a failing design shrinks toward few resources.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    /// 0 to `n` - 1 (xorshift).
    pub(crate) fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % n.max(1)
    }
}

fn value(shape: &Shape, field: &Field, design: &Design, dice: &mut Dice) -> Value {
    match shape {
        Shape::Bool => json!(dice.roll(2) == 0),
        Shape::Number { min, max } => {
            let span = usize::try_from(max - min).unwrap().min(1000) + 1;
            json!(min + u32::try_from(dice.roll(span)).unwrap())
        }
        Shape::Text | Shape::LongText => json!(["", "x", "名前", "a\"b\\c\n", "*"][dice.roll(5)]),
        Shape::Parsed(read) => {
            let guid = "6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab";
            let fitting: Vec<&str> = ["*", "10.0.0.0/8", "Storage", "443", "Https:443", guid]
                .into_iter()
                .filter(|it| read(&json!(it)).is_ok())
                .collect();
            json!(fitting[dice.roll(fitting.len())])
        }
        Shape::Choice(all) | Shape::Suggested(all) => json!(all[dice.roll(all.len())].value),
        Shape::Cidr => json!(format!("10.{}.0.0/16", dice.roll(4))),
        Shape::Address => json!(format!("10.0.{}.{}", dice.roll(3), dice.roll(9) + 4)),
        Shape::Reference => {
            let fitting: Vec<u32> = design
                .resources
                .subjects()
                .filter(|it| field.targets.contains(&it.kind()))
                .map(|it| it.id.0)
                .collect();
            fitting.get(dice.roll(fitting.len())).map_or(Value::Null, |it| json!(it))
        }
        Shape::Optional(inner) => {
            if dice.roll(3) == 0 {
                Value::Null
            } else {
                value(inner, field, design, dice)
            }
        }
        Shape::List(inner) => {
            let items: Vec<Value> =
                (0..dice.roll(3)).map(|_| value(inner, field, design, dice)).collect();
            json!(items.into_iter().filter(|it| !it.is_null()).collect::<Vec<_>>())
        }
        Shape::Row(cells) => {
            let mut map = Map::new();
            for cell in *cells {
                let it = value(&cell.shape, cell, design, dice);
                if !it.is_null() {
                    map.insert(cell.key.to_owned(), it);
                }
            }
            Value::Object(map)
        }
    }
}

/// A design of at most `size` resources.
pub(crate) fn design_of(size: usize, seed: u64) -> Design {
    let mut dice = Dice::new(seed);
    let mut design = Design { name: format!("d{seed}"), ..Design::default() };
    for n in 1..=size {
        let kind = Kind::ALL[dice.roll(Kind::ALL.len())];
        let places: Vec<Option<ResourceId>> = kind
            .info()
            .parents
            .iter()
            .flat_map(|it| match it {
                Parent::Canvas => vec![None],
                Parent::Anywhere => {
                    let all = design.resources.subjects();
                    let all = all.filter(|it| it.info().form == Form::Container);
                    [None].into_iter().chain(all.map(|it| Some(it.id))).collect()
                }
                Parent::In(kind) => design.resources.of(*kind).map(|it| Some(it.id)).collect(),
            })
            .collect();
        let Some(parent) = places.get(dice.roll(places.len())) else { continue };
        let mut it = Resource::new(kind, format!("r{n}"), *parent);
        for field in kind.info().fields {
            if dice.roll(2) == 0 {
                let value = value(&field.shape, field, &design, &mut dice);
                if !value.is_null() {
                    it.settings.insert(field.key.to_owned(), value);
                }
            }
        }
        if dice.roll(5) == 0 {
            "見て {0}".clone_into(&mut it.note);
            it.tags.insert("env".to_owned(), "prod".to_owned());
        }
        // Numbers with gaps, as after deletions.
        let id = ResourceId(design.next_id().0 + u32::try_from(dice.roll(2)).unwrap());
        if !matches!(kind.info().form, Form::Edge { .. }) {
            let place = Place {
                x: 8.0 * f64::from(u32::try_from(n).unwrap()),
                y: 24.0,
                width: 168.0,
                height: 56.0,
            };
            design.layout.insert(id, place);
        }
        design.resources.0.insert(id, Arc::new(it));
    }
    design
}

pub(crate) fn any_design(most: usize) -> impl Strategy<Value = Design> {
    (0..most, any::<u64>()).prop_map(|(size, seed)| design_of(size, seed))
}
