"""Mutants of what certificates are asked, and of the cryptography below login and lane."""
NO_PURPOSE = ("if (openssl_purpose(purpose) != 0) X509_VERIFY_PARAM_set_purpose(rules, openssl_purpose(purpose));", "")

MUTANTS = {
    "kernel/crypto/chain.cpp": [
        ("chain.time", "X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(seconds));",
         "static_cast<void>(seconds);"),
        ("chain.strength", "X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);", ""),
        ("chain.purpose", *NO_PURPOSE),
        ("chain.depth", "X509_VERIFY_PARAM_set_depth(rules, legacy == LegacyRules::yes ? 0 : kMaxIntermediates);", ""),
        ("chain.legacy_depth", "legacy == LegacyRules::yes ? 0 : kMaxIntermediates", "kMaxIntermediates"),
        ("chain.strict", "if (legacy == LegacyRules::no) X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);",
         ""),
        ("chain.verdict", "!verified || error != X509_V_OK", "false"),
        ("chain.keys", "if (!all_keys_allowed(X509_STORE_CTX_get0_chain(context.get())))", "if (false)"),
        ("leaf.checked", "if (const char* wrong = check_leaf(leaf.openssl(), purpose, anchor.legacy); "
                         "wrong != nullptr)", "if (const char* wrong = nullptr; wrong != nullptr)"),
        ("leaf.ca", 'if (X509_check_ca(leaf) != 0) return "the leaf is a CA";', ""),
        ("leaf.no_key_usage", 'if (!has_key_usage && !absent_is_fine) return "the leaf has no key usage";', ""),
        ("leaf.signs", "has_key_usage && (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) == 0", "false"),
        ("leaf.no_purpose", 'if (!has_purpose && !absent_is_fine) return "the leaf has no extended key usage";', ""),
        ("leaf.purpose", "has_purpose && !has_extended_usage(leaf, purpose)", "false"),
        # The library asks the leaf the same, so both questions are left out.
        ("leaf.client", "return (usage & XKU_SSL_CLIENT) != 0;", "return true;", *NO_PURPOSE),
        ("leaf.server", "return (usage & XKU_SSL_SERVER) != 0;", "return true;", *NO_PURPOSE),
        ("leaf.token", "OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0", "true"),
    ],
    "kernel/crypto/identity.cpp": [
        ("identity.only_one", "if (found) return std::nullopt;", ""),
        ("identity.other_case", "if (!uri.starts_with(kScheme)) return std::nullopt;", ""),
        ("identity.hidden_case", "::strncasecmp(uri.data(), kScheme.data(), kScheme.size()) == 0",
         "uri.starts_with(kScheme)"),
        ("identity.project", " || !is_project_name(*project)", ""),
        ("identity.parts", "!project || !kind || ", "!project || "),
        ("identity.name", " || !base::check_participant_name(*type, rest)", ""),
        ("identity.role", "if (identity->type == ParticipantType::admin) identity->role",
         "identity->role"),
    ],
    "kernel/crypto/certificate.cpp": [
        ("certificate.der", "if (!base::equal(result.der_, der))", "if (false)"),
        ("certificate.one_attribute", " || X509_NAME_get_index_by_NID(subject, nid, at) >= 0", ""),
        ("certificate.nul", "text.find('\\0') == std::string::npos", "true"),
    ],
    "kernel/crypto/login_peer_check.cpp": [
        ("login_tls.verdict", "X509_V_ERR_CERT_REJECTED);\n  return good ? 1 : 0;",
         "X509_V_ERR_CERT_REJECTED);\n  return 1;"),
        ("login_tls.peer", "if (verdict)\n", "if (true)\n"),
    ],
    "kernel/crypto/login_tls.cpp": [
        ("login_tls.too_much", "if (from_peer.size() > kMaxFromPeer - fed)", "if (false)"),
        ("login_tls.counts", "fed += from_peer.size();", ""),
        ("login_tls.alpn", "FAIRLEAD_TRY(check_protocol());", ""),
        ("login_tls.stays_failed", "if (state_->failed) return tl::unexpected(*state_->failed);", ""),
        ("login_tls.keeps_plain", "plain.clear();", ""),
    ],
    "kernel/crypto/login_tls_context.cpp": [
        ("login_tls.oldest", "SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&", ""),
        ("login_tls.needs_certificate", "SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT", "SSL_VERIFY_PEER"),
        ("login_tls.asks_certificate", "SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | "
                                       "SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);", ""),
        ("login_tls.select", "if (base::as_text(candidate) != kLoginProtocol) continue;", ""),
        ("login_tls.select_or_fail", "return SSL_TLSEXT_ERR_ALERT_FATAL;", "return SSL_TLSEXT_ERR_NOACK;"),
        ("login_tls.tickets", "SSL_CTX_set_num_tickets(context, 0) == 1 && ", ""),
    ],
    "kernel/crypto/key.cpp": [
        ("key.explicit_curve", "if (explicit_parameters != 0)\n    return std::nullopt;", "if (false)\n    return std::nullopt;"),
        ("key.other_curve", "if (text == SN_secp384r1) return KeyType::p384;\n  return std::nullopt;",
         "return KeyType::p384;"),
        ("key.short_rsa", "bits < 2048 || ", ""),
        ("key.long_rsa", " || bits > 4096", ""),
        ("key.even_exponent", "BN_is_odd(exponent.get()) == 1 && ", ""),
        ("key.small_exponent", "BN_num_bits(exponent.get()) >= 17 &&", ""),
        ("key.large_exponent", "BN_num_bits(exponent.get()) <= 64", "true"),
        ("key.spki_der", "if (!base::equal(result.spki_, der))", "if (false)"),
        ("key.label", "base::append(out, base::as_bytes(label));", "static_cast<void>(label);"),
        ("key.verify", "EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),\n"
                       "                                     message.size()) == 1;", "true;"),
    ],
    "kernel/crypto/aead.cpp": [
        ("aead.forked", 'mark.demand("a lane of its parent");', ""),
        ("aead.tag_size", "if (tag.size() != expected.size()) return false;", ""),
        ("aead.tag", "return EVP_CipherFinal_ex(context.get(), &none, &written) == 1;", "return true;"),
        ("aead.nonce", "for (size_t i = 0; i < counter.size(); ++i) nonce[4 + i] ^= counter[i];", ""),
        ("aead.wipes", "base::wipe(content);", ""),
        ("aead.header", "state_->start(AeadUse::open, sequence);\n  state_->update(nullptr, header);",
         "state_->start(AeadUse::open, sequence);"),
    ],
    "kernel/crypto/digest.cpp": [
        ("equal.size", "a.size() == b.size() && (a.empty()", "(a.empty()"),
        ("equal.content", "CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0", "true"),
    ],
}
