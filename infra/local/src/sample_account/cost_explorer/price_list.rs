//! What the sample organisation runs, and where: the tables every row is derived from.

/// Something that is metered every hour and charged by use.
#[derive(Debug)]
pub(super) struct Line {
    /// Cost Explorer's name of the service.
    pub(super) service: &'static str,
    /// Usage type without the region's prefix.
    pub(super) usage_type: &'static str,
    /// API operation behind the usage.
    pub(super) operation: &'static str,
    /// Instance type, for instances.
    pub(super) instance_type: Option<&'static str>,
    /// How an instance is paid for.
    pub(super) purchase: Option<&'static str>,
    /// Database engine, for databases.
    pub(super) engine: Option<&'static str>,
    /// Unit of the usage quantity.
    pub(super) unit: &'static str,
    /// Billionths of a dollar per unit: a Lambda request costs less than a millionth.
    pub(super) nano_dollars: i64,
    /// Units a day in the largest placement, before rhythm and growth.
    pub(super) units: i64,
    /// Normalisation factor of the instance size; 0 where there is none.
    pub(super) size_factor: i64,
    /// Value of the tag `Team`; absent where nobody has tagged.
    pub(super) team: Option<&'static str>,
    /// Whether use follows working days and hours, or stays level as storage does.
    pub(super) busy_by_day: bool,
    /// Whether the service belongs to a region; the others are billed as `global`.
    pub(super) regional: bool,
}

const USAGE: Line = Line {
    service: "",
    usage_type: "",
    operation: "",
    instance_type: None,
    purchase: None,
    engine: None,
    unit: "",
    nano_dollars: 0,
    units: 0,
    size_factor: 0,
    team: None,
    busy_by_day: true,
    regional: true,
};

/// Cost Explorer's name of virtual machines.
pub(super) const EC2: &str = "Amazon Elastic Compute Cloud - Compute";
const EC2_OTHER: &str = "EC2 - Other";
const S3: &str = "Amazon Simple Storage Service";
const LAMBDA: &str = "AWS Lambda";
const RDS: &str = "Amazon Relational Database Service";
const DYNAMO_DB: &str = "Amazon DynamoDB";

/// The database instance that is paid for by a monthly reservation fee.
pub(super) static RESERVED: Line = Line {
    service: RDS,
    usage_type: "InstanceUsage:db.r7g.large",
    operation: "CreateDBInstance:0014",
    instance_type: Some("db.r7g.large"),
    purchase: Some("Reserved"),
    engine: Some("PostgreSQL"),
    unit: "Hrs",
    units: 48,
    size_factor: 4,
    team: Some("storefront"),
    busy_by_day: false,
    ..USAGE
};

/// Value-added tax, charged once a month.
pub(super) static TAX: Line = Line {
    service: "Tax",
    usage_type: "NoUsageType",
    operation: "NoOperation",
    unit: "N/A",
    regional: false,
    busy_by_day: false,
    ..USAGE
};

/// A promotional credit for Lambda, granted once a month.
pub(super) static CREDIT: Line = Line {
    service: LAMBDA,
    usage_type: "Lambda-Credit",
    operation: "NoOperation",
    unit: "N/A",
    regional: false,
    busy_by_day: false,
    ..USAGE
};

#[rustfmt::skip]
pub(super) static LINES: [Line; 15] = [
    Line { service: EC2, usage_type: "BoxUsage:m7g.large", operation: "RunInstances", instance_type: Some("m7g.large"),
           purchase: Some("On Demand Instances"), unit: "Hrs", nano_dollars: 81_600_000, units: 288, size_factor: 4,
           team: Some("storefront"), ..USAGE },
    Line { service: EC2, usage_type: "SpotUsage:c7g.xlarge", operation: "RunInstances:SV001", instance_type: Some("c7g.xlarge"),
           purchase: Some("Spot Instances"), unit: "Hrs", nano_dollars: 58_000_000, units: 190, size_factor: 8,
           team: Some("data"), ..USAGE },
    Line { service: EC2_OTHER, usage_type: "EBS:VolumeUsage.gp3", operation: "CreateVolume-Gp3", unit: "GB-Month",
           nano_dollars: 80_000_000, units: 64, busy_by_day: false, ..USAGE },
    Line { service: EC2_OTHER, usage_type: "NatGateway-Bytes", operation: "NatGateway", unit: "GB",
           nano_dollars: 45_000_000, units: 210, ..USAGE },
    Line { service: S3, usage_type: "TimedStorage-ByteHrs", operation: "StandardStorage", unit: "GB-Mo",
           nano_dollars: 23_000_000, units: 410, team: Some("data"), busy_by_day: false, ..USAGE },
    Line { service: S3, usage_type: "Requests-Tier1", operation: "PutObject", unit: "Requests",
           nano_dollars: 5_000, units: 640_000, team: Some("data"), ..USAGE },
    Line { service: LAMBDA, usage_type: "Lambda-GB-Second-ARM", operation: "Invoke", unit: "Lambda-GB-Second",
           nano_dollars: 13_333, units: 520_000, team: Some("platform"), ..USAGE },
    Line { service: LAMBDA, usage_type: "Request-ARM", operation: "Invoke", unit: "Requests",
           nano_dollars: 200, units: 4_100_000, team: Some("platform"), ..USAGE },
    Line { service: RDS, usage_type: "InstanceUsage:db.t4g.medium", operation: "CreateDBInstance:0014",
           instance_type: Some("db.t4g.medium"), purchase: Some("On Demand Instances"), engine: Some("PostgreSQL"), unit: "Hrs",
           nano_dollars: 65_000_000, units: 72, size_factor: 2, team: Some("storefront"), busy_by_day: false, ..USAGE },
    Line { service: RDS, usage_type: "RDS:GP3-Storage", operation: "CreateDBInstance:0014", engine: Some("PostgreSQL"),
           unit: "GB-Mo", nano_dollars: 115_000_000, units: 33, team: Some("storefront"), busy_by_day: false, ..USAGE },
    Line { service: DYNAMO_DB, usage_type: "WriteRequestUnits", operation: "PayPerRequestThroughput", unit: "WriteRequestUnits",
           nano_dollars: 625, units: 7_800_000, team: Some("storefront"), ..USAGE },
    Line { service: DYNAMO_DB, usage_type: "TimedStorage-ByteHrs", operation: "StandardStorage", unit: "GB-Mo",
           nano_dollars: 250_000_000, units: 12, team: Some("storefront"), busy_by_day: false, ..USAGE },
    Line { service: "Amazon CloudFront", usage_type: "DataTransfer-Out-Bytes", operation: "GET", unit: "GB",
           nano_dollars: 85_000_000, units: 170, team: Some("storefront"), regional: false, ..USAGE },
    Line { service: "AWS Data Transfer", usage_type: "DataTransfer-Out-Bytes", operation: "RunInstances", unit: "GB",
           nano_dollars: 90_000_000, units: 85, ..USAGE },
    Line { service: "AmazonCloudWatch", usage_type: "DataProcessing-Bytes", operation: "PutLogEvents", unit: "GB",
           nano_dollars: 500_000_000, units: 9, team: Some("platform"), ..USAGE },
];

/// An environment: one account in one region.
#[derive(Debug)]
pub(super) struct Placement {
    /// Linked account.
    pub(super) account: &'static Account,
    /// AWS region.
    pub(super) region: &'static str,
    /// What the region puts before a usage type.
    pub(super) prefix: &'static str,
    /// Value of the tag `Environment`.
    pub(super) environment: &'static str,
    /// Size relative to the largest, in thousandths.
    pub(super) share: i64,
    /// Thousandths of a working day's use that remain on Saturday and Sunday.
    pub(super) weekend: i64,
    /// Whether customers use it: only there are reservations and taxed sales.
    pub(super) production: bool,
}

/// A linked account of the organisation.
#[derive(Debug)]
pub(super) struct Account {
    /// Twelve digits.
    pub(super) id: &'static str,
    /// The account's name.
    pub(super) name: &'static str,
}

pub(super) static PRODUCTION: Account = Account { id: "111122223333", name: "Production" };
pub(super) static DEVELOPMENT: Account = Account { id: "444455556666", name: "Development" };

#[rustfmt::skip]
pub(super) static PLACEMENTS: [Placement; 4] = [
    Placement { account: &PRODUCTION, region: "us-east-1", prefix: "", environment: "production",
                share: 1000, weekend: 740, production: true },
    Placement { account: &PRODUCTION, region: "eu-west-1", prefix: "EU-", environment: "production",
                share: 560, weekend: 690, production: true },
    Placement { account: &DEVELOPMENT, region: "us-east-1", prefix: "", environment: "staging",
                share: 150, weekend: 400, production: false },
    Placement { account: &DEVELOPMENT, region: "eu-west-1", prefix: "EU-", environment: "development",
                share: 90, weekend: 120, production: false },
];
