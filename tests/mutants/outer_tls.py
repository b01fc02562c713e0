"""Mutants of the outer TLS: what the transport asks of certificates, versions, ciphers and sessions."""
FORM = "plugins/tcp_tls/certificate_form.cpp"
RULES = "plugins/tcp_tls/certificate_rules.cpp"
CONTEXT = "plugins/tcp_tls/tls_context.cpp"
CONNECTION = "plugins/tcp_tls/tls_connection.cpp"

MUTANTS = {
    FORM: [
        ("outer.version", "if (X509_get_version(certificate) != X509_VERSION_3)", "if (false)"),
        ("outer.serial", "if (!is_good_serial(X509_get0_serialNumber(certificate)))", "if (false)"),
        ("outer.serial_negative", "BN_is_negative(number.get()) == 0 && ", ""),
        ("outer.serial_zero", " && BN_is_zero(number.get()) == 0", ""),
        ("outer.serial_long", "BN_num_bits(number.get()) <= kMostSerialBits", "true"),
        ("outer.key", "if (!is_allowed(X509_get0_pubkey(certificate)))", "if (false)"),
        ("outer.other_key", "default:\n      return false;", "default:\n      return true;"),
        ("outer.curve", "return name == SN_X9_62_prime256v1 || name == SN_secp384r1;", "return true;"),
        ("outer.short_rsa", "bits < 2048 || ", ""),
        ("outer.long_rsa", "bits > 4096 || ", ""),
        ("outer.small_exponent", "BN_num_bits(exponent.get()) >= 17 &&", ""),
        ("outer.authorities", "std::max(1, sk_X509_num(path) - 1)", "1"),
    ],
    RULES: [
        ("outer.form", "if (fault.what == nullptr) return true;", "return true;"),
        ("outer.leaf", "const int broken = check_leaf(leaf, peer_is_client, verdict.rules);",
         "const int broken = X509_V_OK;"),
        ("outer.leaf_ca", "if ((flags & EXFLAG_CA) != 0) return X509_V_ERR_INVALID_CA;", ""),
        ("outer.no_purpose", "if (strict && (flags & EXFLAG_XKUSAGE) == 0) return X509_V_ERR_INVALID_PURPOSE;", ""),
        ("outer.purpose", "if ((X509_get_extended_key_usage(leaf) & purpose) == 0) return X509_V_ERR_INVALID_PURPOSE;",
         "static_cast<void>(purpose);"),
        ("outer.no_key_usage", "if (strict && (flags & EXFLAG_KUSAGE) == 0) "
                               "return X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE;", ""),
        ("outer.signs", "(X509_get_key_usage(leaf) & X509v3_KU_DIGITAL_SIGNATURE) == 0", "false"),
        ("outer.strict", "if (rules == CertificateRules::kStrict) "
                         "X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);", "static_cast<void>(rules);"),
        ("outer.depth", "X509_VERIFY_PARAM_set_depth(parameters, kLongestPath);", ""),
        ("outer.common_name_is_no_host", "X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | ", ""),
        ("outer.part_of_a_label", " | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS", ""),
        ("outer.verdict", "const bool verified = X509_verify_cert(path) == 1;",
         "const bool verified = X509_verify_cert(path) == 1 || true;"),
        ("outer.reason", "    ERR_clear_error();\n", ""),
    ],
    CONTEXT: [
        ("outer.ciphers", 'demand(SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20"), "cipher list");', ""),
        ("outer.groups", 'demand(SSL_CTX_set1_groups_list(&context, "X25519:P-256:P-384"), "groups");', ""),
        ("outer.strength", "SSL_CTX_set_security_level(&context, 2);", "SSL_CTX_set_security_level(&context, 1);"),
        ("outer.renegotiation", "SSL_OP_NO_RENEGOTIATION | ", "SSL_OP_ALLOW_CLIENT_RENEGOTIATION | "),
        ("outer.tickets", "SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET", "SSL_OP_NO_COMPRESSION",
         'demand(SSL_CTX_set_num_tickets(&context, 0), "tickets");', ""),
        ("outer.tickets_of_tls13", 'demand(SSL_CTX_set_num_tickets(&context, 0), "tickets");', ""),
        ("outer.needs_certificate", "SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT", "SSL_VERIFY_PEER"),
        ("outer.lists", "X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL", "0"),
        ("outer.lists_of_authorities", "X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL", "X509_V_FLAG_CRL_CHECK"),
    ],
    CONNECTION: [
        ("outer.binding", "if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(ssl) != 1) return;", ""),
    ],
}
