//! Which costs are looked at: a tree of conditions.

use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::Deserialize;

/// Filters inside one another before a filter is refused.
const MAX_DEPTH: usize = 16;

/// A filter: exactly one of its members.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(crate) struct Filter {
    /// At least two filters that must all hold.
    and: Option<Vec<Self>>,
    /// At least two filters of which one must hold.
    or: Option<Vec<Self>>,
    /// A filter that must not hold.
    not: Option<Box<Self>>,
    /// A dimension of the bill. Keys: SERVICE, REGION, `LINKED_ACCOUNT`, `USAGE_TYPE`, `USAGE_TYPE_GROUP`, OPERATION,
    /// `INSTANCE_TYPE`, `INSTANCE_TYPE_FAMILY`, `PURCHASE_TYPE`, `RECORD_TYPE`, AZ, PLATFORM, `OPERATING_SYSTEM`, TENANCY,
    /// `DATABASE_ENGINE`, `CACHE_ENGINE`, `DEPLOYMENT_OPTION`, `LEGAL_ENTITY_NAME`, `INVOICING_ENTITY`, `BILLING_ENTITY`,
    /// `RESERVATION_ID`, `SAVINGS_PLANS_TYPE`, `SAVINGS_PLAN_ARN`.
    dimensions: Option<Condition>,
    /// A cost allocation tag, by its key.
    tags: Option<Condition>,
    /// A cost category, by its name.
    cost_categories: Option<Condition>,
}

/// What one key is compared to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// The dimension, tag or cost category.
    #[schemars(length(min = 1))]
    pub(crate) key: String,
    /// Values of which one must match, e.g. "Amazon Simple Storage Service" for SERVICE. Leave out with ABSENT.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    /// How to compare. Without any: EQUALS and `CASE_SENSITIVE`. ABSENT matches costs that lack the key.
    #[serde(default)]
    pub(crate) match_options: Vec<MatchOption>,
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum MatchOption {
    Equals,
    Absent,
    StartsWith,
    EndsWith,
    Contains,
    CaseSensitive,
    CaseInsensitive,
    GreaterThanOrEqual,
}

/// A checked filter.
#[derive(Debug, Clone)]
pub(crate) enum Expression {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Dimensions(Condition),
    Tags(Condition),
    CostCategories(Condition),
}

impl Filter {
    /// Checks the whole tree. An error names the place and tells what to send instead.
    pub(crate) fn check(self) -> Result<Expression, ToolError> {
        self.check_at("filter", 0).map_err(ToolError::Failed)
    }

    fn check_at(self, at: &str, depth: usize) -> Result<Expression, String> {
        if depth > MAX_DEPTH {
            return Err(format!("`filter` nests deeper than {MAX_DEPTH} levels; write it flatter."));
        }
        let all = |name: &str, filters: Vec<Self>| {
            if filters.len() < 2 {
                return Err(format!("`{at}.{name}` needs at least two filters; send a single one without `{name}`."));
            }
            let check = |(index, filter): (usize, Self)| filter.check_at(&format!("{at}.{name}[{index}]"), depth + 1);
            filters.into_iter().enumerate().map(check).collect::<Result<Vec<_>, _>>()
        };
        let one = |name: &str, condition: Condition| condition.check(&format!("{at}.{name}"));
        let present = self.present();
        let Self { and, or, not, dimensions, tags, cost_categories } = self;
        match (present.len(), and, or, not, dimensions, tags, cost_categories) {
            (1, Some(filters), ..) => all("and", filters).map(Expression::And),
            (1, _, Some(filters), ..) => all("or", filters).map(Expression::Or),
            (1, _, _, Some(filter), ..) => {
                filter.check_at(&format!("{at}.not"), depth + 1).map(|filter| Expression::Not(Box::new(filter)))
            }
            (1, _, _, _, Some(condition), ..) => one("dimensions", condition).map(Expression::Dimensions),
            (1, _, _, _, _, Some(condition), _) => one("tags", condition).map(Expression::Tags),
            (1, _, _, _, _, _, Some(condition)) => one("cost_categories", condition).map(Expression::CostCategories),
            (0, ..) => Err(format!("`{at}` is empty; send one of and, or, not, dimensions, tags, cost_categories.")),
            _ => {
                Err(format!("`{at}` has {} at once; put each into an object of its own in `and`.", present.join(", ")))
            }
        }
    }

    fn present(&self) -> Vec<&'static str> {
        let members = [
            ("and", self.and.is_some()),
            ("or", self.or.is_some()),
            ("not", self.not.is_some()),
            ("dimensions", self.dimensions.is_some()),
            ("tags", self.tags.is_some()),
            ("cost_categories", self.cost_categories.is_some()),
        ];
        members.iter().filter(|(_, is_present)| *is_present).map(|(name, _)| *name).collect()
    }
}

impl Condition {
    fn check(self, at: &str) -> Result<Self, String> {
        match (self.values.is_empty(), self.match_options.contains(&MatchOption::Absent)) {
            _ if self.key.is_empty() => Err(format!("`{at}.key` is empty; name what to compare.")),
            (true, false) => Err(format!("`{at}.values` is empty; send a value, or match_options [\"ABSENT\"].")),
            (false, true) => Err(format!("`{at}` has values and ABSENT at once; send one of them.")),
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Expression, Filter};

    fn check(filter: Value) -> Result<Expression, String> {
        let filter: Filter = serde_json::from_value(filter).expect("the shape of a filter");
        filter.check().map_err(|error| error.to_string())
    }

    #[test]
    fn a_filter_has_exactly_one_member() {
        let service = json!({ "key": "SERVICE", "values": ["AWS Lambda"] });
        assert!(check(json!({ "dimensions": service })).is_ok());
        assert!(check(json!({})).expect_err("empty").starts_with("`filter` is empty; send one of and, or"));
        let both = check(json!({ "not": { "dimensions": service, "tags": service } })).expect_err("two members");
        assert_eq!(both, "`filter.not` has dimensions, tags at once; put each into an object of its own in `and`.");
    }

    #[test]
    fn an_error_names_its_place_in_the_tree() {
        let good = json!({ "tags": { "key": "Team", "values": ["data"] } });
        let bad = json!({ "tags": { "key": "Team" } });
        let error = check(json!({ "and": [good, { "or": [good, bad] }] })).expect_err("no values");
        assert_eq!(error, "`filter.and[1].or[1].tags.values` is empty; send a value, or match_options [\"ABSENT\"].");
        let error = check(json!({ "or": [good] })).expect_err("one operand");
        assert_eq!(error, "`filter.or` needs at least two filters; send a single one without `or`.");
    }

    #[test]
    fn absent_takes_the_place_of_values() {
        assert!(check(json!({ "tags": { "key": "Team", "match_options": ["ABSENT"] } })).is_ok());
        let both = json!({ "tags": { "key": "Team", "values": ["data"], "match_options": ["ABSENT"] } });
        assert!(check(both).expect_err("both").contains("at once"));
    }

    #[test]
    fn depth_is_bounded() {
        let leaf = json!({ "tags": { "key": "Team", "values": ["data"] } });
        let deep = (0..20).fold(leaf, |inner, _| json!({ "not": inner }));
        assert!(check(deep).expect_err("deep").contains("nests deeper than 16"));
    }
}
