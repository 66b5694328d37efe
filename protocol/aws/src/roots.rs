//! The certificate authorities a function trusts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Amazon Trust Services' roots (<https://www.amazontrust.com/repository/>), which every AWS endpoint chains up
/// to. Five certificates are read in a fraction of the time a system's hundreds take at each cold start.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The variable every AWS SDK knows: a file of other roots, for networks that open TLS at a proxy.
const ROOTS_FILE: &str = "AWS_CA_BUNDLE";

/// Why there is nobody to trust: the file `AWS_CA_BUNDLE` names cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// It cannot be read.
    #[error("{ROOTS_FILE} {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It holds no certificate, or one that is damaged.
    #[error("{ROOTS_FILE} {}: not a file of PEM certificates", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
    /// The TLS client refuses the certificates.
    #[error("no TLS client: {0}")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The roots to trust, as PEM.
pub(crate) fn trusted() -> Result<Vec<u8>, TrustError> {
    env::var_os(ROOTS_FILE).map_or_else(|| Ok(AMAZON_ROOTS.to_vec()), |path| bundle(path.as_ref()))
}

fn bundle(path: &Path) -> Result<Vec<u8>, TrustError> {
    let pem = fs::read(path).map_err(|error| TrustError::Unreadable { path: path.to_owned(), error })?;
    // Looked at here, since the client panics on a root it cannot read.
    if count(&pem).is_none_or(|certificates| certificates == 0) {
        return Err(TrustError::NoCertificates { path: path.to_owned() });
    }
    Ok(pem)
}

/// How many roots `pem` holds; `None` if one of them cannot be read.
fn count(pem: &[u8]) -> Option<usize> {
    store(pem).map(|store| store.len())
}

fn store(pem: &[u8]) -> Option<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        store.add(certificate.ok()?).ok()?;
    }
    Some(store)
}

/// TLS as the AWS clients here do it, for clients of AWS that are not the SDK's: ring, and the same roots.
///
/// # Errors
/// [`TrustError`] if `AWS_CA_BUNDLE` names a file that cannot be used.
pub fn tls() -> Result<ClientConfig, TrustError> {
    let refused = |reason: &str| TrustError::Refused(reason.into());
    let roots = store(&trusted()?).ok_or_else(|| refused("a root cannot be read"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.map_err(|error| TrustError::Refused(error.into()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::{AMAZON_ROOTS, TrustError, bundle, count};

    #[test]
    fn the_five_shipped_roots_can_be_read() {
        assert_eq!(count(AMAZON_ROOTS), Some(5));
    }

    #[test]
    fn a_bundle_is_read_as_it_is() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(&file, AMAZON_ROOTS).expect("written");
        assert_eq!(bundle(file.path()).expect("a bundle"), AMAZON_ROOTS);
    }

    #[test]
    fn a_bundle_that_is_missing_empty_or_damaged_is_refused_by_name() {
        let damaged = String::from_utf8_lossy(AMAZON_ROOTS).replacen("MII", "MIX", 1);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("roots.pem");
        let missing = bundle(&path).expect_err("there is no file");
        assert!(matches!(missing, TrustError::Unreadable { .. }) && missing.to_string().contains("roots.pem"));
        for content in ["", "no certificate", damaged.as_str()] {
            std::fs::write(&path, content).expect("written");
            let error = bundle(&path).expect_err("no certificates");
            assert!(matches!(error, TrustError::NoCertificates { .. }), "{content:.40}: {error}");
        }
    }
}
