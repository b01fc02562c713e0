"""Mutants of the look at a server's TLS: what would let the doctor show a certificate to a stranger, or mislead."""
CHAIN = "kernel/crypto/server_chain.cpp"
PROBE = "kernel/crypto/tls_probe.cpp"

MUTANTS = {
    CHAIN: [
        ("probe.host", "if (path) return carries_host(leaf, host) ? ServerVerdict{} : "
                       "ServerVerdict{ServerFault::host, host};", "if (path) return {};"),
        ("probe.common_name_is_no_host", "X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | ", ""),
        ("probe.part_of_a_label", " | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS", ""),
        ("probe.reason_counts", "if (verdict.fault == ServerFault::untrusted) verdict =", "verdict ="),
        ("probe.namesake", "X509_verify(certificate.openssl(), X509_get0_pubkey(issuer.openssl())) == 1", "true"),
    ],
    PROBE: [
        ("probe.verdict", "return good ? 1 : 0;", "return 1;"),
        ("probe.asks_verdict", "SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);", ""),
        ("probe.no_name_for_address", "if (!numeric && ", "if ("),
        ("probe.not_tls", "if (!sight.first_bytes.empty() && !looks_like_tls(sight.first_bytes))", "if (false)"),
        ("probe.own_key", "SSL_CTX_use_PrivateKey(context, plan.own_key->openssl()) != 1", "false"),
    ],
}
