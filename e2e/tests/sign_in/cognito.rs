//! Tokens as Cognito's user pools issue them, without an audience: moto's pools sign such, all of them with one key.

use anyhow::Context as _;
use penstock_e2e::moto::Moto;
use penstock_e2e::{Access, Gateway, Penstock, http, requests};
use serde_json::{Value, json};

const USER: &str = "alice";
const PASSWORD: &str = "Not-a-secret-1";

/// A user pool with one user, and one client of it.
struct Pool {
    id: String,
    client: String,
}

impl Pool {
    async fn create(moto: &Moto) -> anyhow::Result<Self> {
        let pool = moto.cognito("CreateUserPool", &json!({ "PoolName": "people" })).await?;
        let id = pool["UserPool"]["Id"].as_str().context("a pool")?.to_owned();
        let user = json!({ "UserPoolId": id, "Username": USER, "MessageAction": "SUPPRESS" });
        moto.cognito("AdminCreateUser", &user).await?;
        let password = json!({ "UserPoolId": id, "Username": USER, "Password": PASSWORD, "Permanent": true });
        moto.cognito("AdminSetUserPassword", &password).await?;
        let client = Self::client(moto, &id).await?;
        Ok(Self { id, client })
    }

    /// Registers a further client of the pool `id`.
    async fn client(moto: &Moto, id: &str) -> anyhow::Result<String> {
        let client = json!({ "UserPoolId": id, "ClientName": "app", "ExplicitAuthFlows": ["USER_PASSWORD_AUTH"] });
        let client = moto.cognito("CreateUserPoolClient", &client).await?;
        client["UserPoolClient"]["ClientId"].as_str().map(str::to_owned).context("a client")
    }

    /// What a sign-in through `client` yields: `AccessToken`, `IdToken` and more.
    async fn tokens(moto: &Moto, client: &str) -> anyhow::Result<Value> {
        let parameters = json!({ "USERNAME": USER, "PASSWORD": PASSWORD });
        let request = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters });
        Ok(moto.cognito("InitiateAuth", &request).await?["AuthenticationResult"].take())
    }
}

/// an access token without an audience is for this gateway if one of its own clients got it, and nothing else is.
#[tokio::test]
async fn of_cognitos_tokens_only_the_access_token_of_its_own_client_and_pool_is_accepted() -> anyhow::Result<()> {
    let (penstock, moto) = (Penstock::with_fixtures(Access::Open).await?, Moto::start().await?);
    let (pool, other) = (Pool::create(&moto).await?, Pool::create(&moto).await?);
    let issuers = json!([{
        "issuer": format!("https://cognito-idp.us-east-1.amazonaws.com/{}", pool.id),
        "jwksUri": format!("{}/{}/.well-known/jwks.json", moto.url(), pool.id),
        "clientIds": [pool.client],
    }]);
    let variables = [
        ("PENSTOCK_AUTH", "oauth"),
        ("PENSTOCK_RESOURCE", "https://mcp.example.com/mcp"),
        ("PENSTOCK_ISSUERS", &*issuers.to_string()),
    ];
    let gateway = Gateway::start(&penstock, penstock.catalog(), &variables).await?;
    let own = Pool::tokens(&moto, &pool.client).await?;
    let second = Pool::tokens(&moto, &Pool::client(&moto, &pool.id).await?).await?;
    let foreign = Pool::tokens(&moto, &other.client).await?;
    for (what, token, status) in [
        ("its own access token", &own["AccessToken"], 200),
        ("an ID token", &own["IdToken"], 401),
        ("another client's access token", &second["AccessToken"], 401),
        ("another pool's access token", &foreign["AccessToken"], 401),
    ] {
        let token = token.as_str().context("a token")?;
        let list = requests::request(1, "tools/list");
        let answer = http::post(&http::client(), gateway.url(), &list).bearer_auth(token).send().await?;
        assert_eq!(answer.status(), status, "{what}: {}", answer.text().await?);
    }
    Ok(())
}
