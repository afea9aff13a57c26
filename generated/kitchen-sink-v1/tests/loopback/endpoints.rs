//! Where calls go: the document's regional and mutual-TLS addresses are typed choices.

use google_kitchen_sink_v1::{Client, Endpoint};

#[test]
fn regions_and_mutual_tls_are_choices_of_the_builder() {
    let root = |builder: discovery_runtime::ClientBuilder<Client>| {
        builder.with_anonymous().build().unwrap().runtime().root_url().to_owned()
    };
    for endpoint in Endpoint::ALL {
        assert_eq!(root(Client::builder().with_endpoint(*endpoint)), endpoint.url());
        assert!(endpoint.url().contains(endpoint.location()));
    }
    let mtls = root(Client::builder().with_mtls_endpoint());
    assert_eq!(mtls, "https://kitchensink.mtls.example.com/");
}
