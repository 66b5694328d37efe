//! Who is trusted to vouch for other origins.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Mozilla's certificate authorities, and those an operator adds: issuers and clients can be anywhere.
#[derive(Debug, Clone)]
pub struct Roots(Arc<RootCertStore>);

/// Why a file of further authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// It holds no certificate, or one that is damaged.
    #[error("{0}: not a file of PEM certificates")]
    NoCertificates(String),
}

impl Default for Roots {
    fn default() -> Self {
        Self(Arc::new(mozilla()))
    }
}

impl Roots {
    /// Mozilla's authorities and those of a PEM file.
    ///
    /// # Errors
    /// [`RootsError`] if the file cannot be read or holds no certificates.
    pub fn with_file(path: &Path) -> Result<Self, RootsError> {
        let name = || path.display().to_string();
        let pem = fs::read(path).map_err(|error| RootsError::Unreadable { path: name(), error })?;
        let mut roots = mozilla();
        let mozillas = roots.len();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let added = certificate.ok().and_then(|certificate| roots.add(certificate).ok());
            added.ok_or_else(|| RootsError::NoCertificates(name()))?;
        }
        if roots.len() == mozillas { Err(RootsError::NoCertificates(name())) } else { Ok(Self(Arc::new(roots))) }
    }

    pub(crate) fn client(&self) -> ClientConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has the protocol versions it was built with")
            .with_root_certificates(self.0.clone())
            .with_no_client_auth()
    }
}

fn mozilla() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}
