//! Who can sign in.

/// Someone who can sign in, by name and without a password.
#[derive(Debug, PartialEq, Eq)]
pub struct User {
    /// The name to sign in by.
    pub name: &'static str,
    /// The `sub` of every token.
    pub subject: &'static str,
    /// The groups tokens name.
    pub groups: &'static [&'static str],
    /// The tenant tokens name.
    pub tenant: &'static str,
}

/// Everyone there is. They differ in their groups and tenants, so that policies about groups, and isolation, can be tried.
pub(super) const USERS: [User; 2] = [
    User {
        name: "alice",
        subject: "a11ce000-0000-4000-8000-000000000001",
        groups: &["developers", "finance"],
        tenant: "acme",
    },
    User { name: "bob", subject: "b0b00000-0000-4000-8000-000000000002", groups: &["developers"], tenant: "globex" },
];

/// The user of a name.
pub(super) fn find(name: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.name == name)
}
