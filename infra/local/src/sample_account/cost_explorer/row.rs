//! A row of the bill, and how requests look at it: dimensions, tags, cost categories, hours.

use std::borrow::Cow;

use super::amount::Amounts;
use super::price_list::{EC2, Line, Placement};

/// How much of a working day's use falls into each hour, UTC.
const HOUR_WEIGHTS: [i64; 24] =
    [22, 18, 16, 15, 16, 20, 28, 38, 48, 56, 60, 62, 60, 61, 62, 60, 57, 54, 50, 46, 42, 38, 33, 28];

/// Dimensions a request may name, and what a group is called whose rows have none.
pub(super) const DIMENSIONS: [(&str, &str); 28] = [
    ("AZ", "NoAZ"),
    ("BILLING_ENTITY", "NoBillingEntity"),
    ("CACHE_ENGINE", "NoCacheEngine"),
    ("DATABASE_ENGINE", "NoDatabaseEngine"),
    ("DEPLOYMENT_OPTION", "NoDeploymentOption"),
    ("INSTANCE_TYPE", "NoInstanceType"),
    ("INSTANCE_TYPE_FAMILY", "NoInstanceTypeFamily"),
    ("INVOICING_ENTITY", "NoInvoicingEntity"),
    ("LEGAL_ENTITY_NAME", "NoLegalEntityName"),
    ("LINKED_ACCOUNT", "NoLinkedAccount"),
    ("LINKED_ACCOUNT_NAME", "NoLinkedAccountName"),
    ("OPERATING_SYSTEM", "NoOperatingSystem"),
    ("OPERATION", "NoOperation"),
    ("PAYMENT_OPTION", "NoPaymentOption"),
    ("PLATFORM", "NoPlatform"),
    ("PURCHASE_TYPE", "NoPurchaseType"),
    ("RECORD_TYPE", "NoRecordType"),
    ("REGION", "NoRegion"),
    ("RESERVATION_ID", "NoReservationId"),
    ("RESOURCE_ID", "NoResourceId"),
    ("SAVINGS_PLANS_TYPE", "NoSavingsPlansType"),
    ("SAVINGS_PLAN_ARN", "NoSavingsPlanArn"),
    ("SCOPE", "NoScope"),
    ("SERVICE", "NoService"),
    ("SUBSCRIPTION_ID", "NoSubscriptionId"),
    ("TENANCY", "NoTenancy"),
    ("USAGE_TYPE", "NoUsageType"),
    ("USAGE_TYPE_GROUP", "NoUsageTypeGroup"),
];

/// Keys of the cost allocation tags.
pub(super) const TAGS: [&str; 2] = ["Environment", "Team"];

/// What kind of charge a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Record {
    /// Metered and charged by use.
    Usage,
    /// Metered and covered by a reservation.
    DiscountedUsage,
    /// A reservation's monthly fee.
    ReservationFee,
    /// Value-added tax.
    Tax,
    /// A promotional credit.
    Credit,
}

/// One row of the bill: what was used or charged, where, and for how much.
#[derive(Debug)]
pub(super) struct Row {
    /// What was used or charged.
    pub(super) line: &'static Line,
    /// Where.
    pub(super) place: &'static Placement,
    /// What kind of charge it is.
    pub(super) record: Record,
    /// What it comes to, in all metrics.
    pub(super) amounts: Amounts,
}

impl Record {
    /// Value of the dimension `RECORD_TYPE`.
    fn name(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::DiscountedUsage => "DiscountedUsage",
            Self::ReservationFee => "RIFee",
            Self::Tax => "Tax",
            Self::Credit => "Credit",
        }
    }

    /// Whether its amount follows from use, and not from a contract or a law.
    pub(super) fn is_metered(self) -> bool {
        matches!(self, Self::Usage | Self::DiscountedUsage)
    }

    /// Whether it belongs to a reservation.
    pub(super) fn is_reserved(self) -> bool {
        matches!(self, Self::DiscountedUsage | Self::ReservationFee)
    }
}

/// How a group is called whose rows have no value of a dimension.
pub(super) fn none_of(dimension: &str) -> &'static str {
    DIMENSIONS.iter().find(|(key, _)| *key == dimension).map_or("", |(_, none)| none)
}

impl Row {
    /// The row's value of a dimension of [`DIMENSIONS`].
    pub(super) fn dimension(&self, key: &str) -> Option<Cow<'static, str>> {
        let (line, place) = (self.line, self.place);
        let is_reserved = line.purchase == Some("Reserved");
        let fixed = match key {
            "SERVICE" => Some(line.service),
            "OPERATION" => Some(line.operation),
            "INSTANCE_TYPE" => line.instance_type,
            "INSTANCE_TYPE_FAMILY" => line.instance_type.map(family),
            "PURCHASE_TYPE" => line.purchase,
            "DATABASE_ENGINE" => line.engine,
            "DEPLOYMENT_OPTION" => line.engine.map(|_| "Single-AZ"),
            "OPERATING_SYSTEM" => (line.service == EC2).then_some("Linux"),
            "PLATFORM" => (line.service == EC2).then_some("Linux/UNIX"),
            "TENANCY" => (line.service == EC2).then_some("Shared"),
            "USAGE_TYPE_GROUP" => usage_type_group(line.usage_type),
            "RECORD_TYPE" => Some(self.record.name()),
            "LINKED_ACCOUNT" => Some(place.account.id),
            "LINKED_ACCOUNT_NAME" => Some(place.account.name),
            "REGION" if line.regional => Some(place.region),
            "REGION" if self.record != Record::Tax => Some("global"),
            "SCOPE" => is_reserved.then_some("Region"),
            "BILLING_ENTITY" => Some("AWS"),
            "LEGAL_ENTITY_NAME" | "INVOICING_ENTITY" => Some("Amazon Web Services, Inc."),
            "USAGE_TYPE" if line.regional => return Some(format!("{}{}", place.prefix, line.usage_type).into()),
            "USAGE_TYPE" => Some(line.usage_type),
            "AZ" if line.instance_type.is_some() => return Some(format!("{}a", place.region).into()),
            "RESERVATION_ID" if is_reserved => {
                return Some(format!("arn:aws:rds:{}:{}:ri:orders-database", place.region, place.account.id).into());
            }
            _ => None,
        };
        fixed.map(Cow::Borrowed)
    }

    /// The same, or how requests and answers call its absence.
    pub(super) fn dimension_or_none(&self, key: &str) -> Cow<'static, str> {
        self.dimension(key).unwrap_or_else(|| none_of(key).into())
    }

    /// The row's value of a cost allocation tag of [`TAGS`]; absent where nothing is tagged.
    pub(super) fn tag(&self, key: &str) -> Option<&'static str> {
        match key {
            "Environment" => self.line.team.map(|_| self.place.environment),
            "Team" => self.line.team,
            _ => None,
        }
    }

    /// The row's value of a cost category. There is one, `CostCenter`, ruled by the tag `Team`.
    pub(super) fn cost_category(&self, key: &str) -> Option<&'static str> {
        match (key, self.line.team) {
            ("CostCenter", Some("storefront")) => Some("Product"),
            ("CostCenter", Some(_)) => Some("Engineering"),
            _ => None,
        }
    }

    /// The part of the row that falls into an hour, 0 to 23. Charges fall into the first.
    pub(super) fn in_hour(&self, hour: i8) -> Amounts {
        if !self.record.is_metered() {
            return if hour == 0 { self.amounts } else { Amounts::default() };
        }
        let hour = usize::from(hour.unsigned_abs());
        let weights = if self.line.busy_by_day { HOUR_WEIGHTS } else { [1; 24] };
        let whole: i64 = weights.iter().sum();
        let before: i64 = weights.iter().take(hour).sum();
        let through: i64 = weights.iter().take(hour + 1).sum();
        self.amounts.part(before, through, whole)
    }
}

/// `r7g` of `db.r7g.large`.
fn family(instance_type: &'static str) -> &'static str {
    let instance_type = instance_type.strip_prefix("db.").unwrap_or(instance_type);
    instance_type.split_once('.').map_or(instance_type, |(family, _)| family)
}

fn usage_type_group(usage_type: &str) -> Option<&'static str> {
    match usage_type {
        "BoxUsage:m7g.large" | "SpotUsage:c7g.xlarge" => Some("EC2: Running Hours"),
        "EBS:VolumeUsage.gp3" => Some("EC2: EBS - SSD(gp3)"),
        "NatGateway-Bytes" => Some("EC2: NAT Gateway - Data Processed"),
        "Requests-Tier1" => Some("S3: API Requests - Standard"),
        "InstanceUsage:db.t4g.medium" | "InstanceUsage:db.r7g.large" => Some("RDS: Running Hours"),
        "RDS:GP3-Storage" => Some("RDS: Storage"),
        "WriteRequestUnits" => Some("DDB: Write Throughput"),
        _ => None,
    }
}
