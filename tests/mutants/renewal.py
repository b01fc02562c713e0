"""Mutants of renewals, and of what revocation lists are asked."""
MUTANTS = {
    "kernel/auth/renewal.cpp": [
        ("renewal.rate", "if (session.renewals_in_a_row >= kRenewalsInARow) "
                         "return tl::unexpected(Refusal::rate_limited);", ""),
        ("renewal.rate_never_forgotten", "if (now - session.asked_renewal >= kRenewalsForgotten) "
                                         "session.renewals_in_a_row = 0;", ""),
        ("renewal.epoch", "if (lane.incoming_epoch() != session.current.epoch) "
                          "return tl::unexpected(Refusal::old_epoch);", ""),
        ("renewal.rate_first", "FAIRLEAD_TRY(check_rate(session, now));", ""),
        ("renewal.disabled", "if (config.revocation.is_disabled(session.participant())) "
                             "return tl::unexpected(Refusal::disabled);", ""),
        ("renewal.revoked", "FAIRLEAD_TRY(check_revocation(session, common.anchor, common.clock.wall()));", ""),
        ("renewal.certificate_over", "if (session.certificate_expires <= common.clock.wall()) "
                                     "return tl::unexpected(Refusal::certificate_expired);", ""),
        ("renewal.level", "if (lane.level() < common.wanted) return tl::unexpected(Refusal::security_floor);", ""),
        ("renewal.longest_session", "if (now >= session.logged_in + config.longest_session) "
                                    "return tl::unexpected(Refusal::expired);", ""),
        ("renewal.checks", "FAIRLEAD_TRY(check_renewal(session, config, lane));", ""),
        ("renewal.small_order_at_server", "if (!shared) return tl::unexpected(Refusal::malformed);\n  base::Bytes",
         "base::Bytes"),
        ("renewal.small_order_at_client", "if (!shared) return tl::unexpected(Refusal::malformed);\n  // The",
         "// The"),
        ("renewal.answers_certificate", "if (of_session.certificate_sha256) of_session.certificate_sha256 = "
                                        "session.certificate_sha256;", ""),
        ("renewal.both_bodies", "crypto::sha256({request, answer})", "crypto::sha256({request})"),
        ("renewal.new_token", "crypto::sha256({request, answer}), token);",
         "crypto::sha256({request, answer}), now.token);"),
        ("renewal.old_secret", "return sec_next(now.secret, shared", "return sec_next(shared, shared"),
    ],
    "kernel/auth/issue.cpp": [
        ("issue.certificate", "now + config.lifetime, session.certificate_expires,", "now + config.lifetime,"),
        ("issue.longest_session", ",\n                         "
                                  "now + std::chrono::duration_cast<base::Milliseconds>(left)})};",
         "})};\n  static_cast<void>(left);"),
        ("issue.whole_lifetime", "token.issued = validity.issued;", "token.issued = config.common.clock.wall();"),
        ("issue.lifetime", "std::min({now + config.lifetime, session", "std::min({session"),
    ],
    "kernel/auth/session.cpp": [
        ("session.keeps_old_secret", "previous->secret.wipe();", ""),
    ],
    "kernel/auth/session_table.cpp": [
        ("table.confirms_what_waits", "!session.next || session.next->epoch != verified", "!session.next"),
        ("table.forgets_epochs", "if (now - entry.session->renewed >= kSwitchWithin) "
                                 "entry.session->previous.reset();", ""),
        ("table.forgets_rate", "session.renewals_in_a_row = 0;", ""),
    ],
    "kernel/auth/session_revocation.cpp": [
        ("revocation.peer", "FAIRLEAD_TRY(check_path(session.peer_path, anchor, now));", ""),
        ("revocation.signer", "return check_path(session.current.signer_path, anchor, now);", "return {};"),
        ("revocation.live", "return check_revocation(session, lenient, {});", "return {};"),
        ("revocation.nothing_to_ask", "anchor.revoked.empty() && anchor.crl == crypto::CrlRules::lenient",
         "anchor.revoked.empty()"),
    ],
    "kernel/crypto/chain.cpp": [
        ("chain.revocation", "FAIRLEAD_TRY(check_revocation(anchor, path, now, detail));", ""),
        ("chain.revoked", "if (anchor.revoked.revokes(certificate, issuer))", "if (false)"),
        ("chain.no_list", "if (list == nullptr)\n    return refuse(Refusal::crl_stale",
         "if (list == nullptr) return {};\n  if (false)\n    return refuse(Refusal::crl_stale"),
        ("chain.stale_list", "if (list->next_update <= now)", "if (false)"),
        ("chain.lenient", "if (anchor.crl == CrlRules::lenient) return {};", ""),
        ("chain.every_certificate", "i + 1 < path.size() ? path[i + 1] : anchor.root", "anchor.root"),
    ],
    "kernel/crypto/crl.cpp": [
        ("crl.der", "if (!base::equal(to_der(&i2d_X509_CRL, crl.get()), der))", "if (false)"),
        ("crl.between_blocks", "rest.starts_with(kBegin) ? rest.find(kEnd) : std::string_view::npos",
         "rest.find(kEnd)"),
        ("crl.too_large", "if (content.size() > kLargestRevocationText)", "if (false)"),
        ("crl.empty", 'if (text.empty()) return malformed("the revocation list is empty");', ""),
        ("crl.version", "X509_CRL_get_version(crl) != X509_CRL_VERSION_2 || ", ""),
        ("crl.number", " || !number)", ")"),
        ("crl.next_update", "!this_update || !next_update", "!this_update"),
        ("crl.critical", "if (has_critical_extension(crl))", "if (false)"),
        ("crl.critical_entry", "if (X509_REVOKED_get_ext_by_critical(sk_X509_REVOKED_value(entries, i), 1, -1) >= 0) "
                               "return true;", ""),
        ("crl.algorithm", "has_good_algorithm(crl) && ", ""),
        ("crl.may_sign", "if (may_sign && ", "if ("),
        ("crl.signature", " && X509_CRL_verify(crl, X509_get0_pubkey(one.certificate)) == 1)", ")"),
        ("crl.issuer", "if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(one.certificate)) != 0) "
                       "continue;", ""),
        ("crl.future", "if (facts.this_update > now)", "if (false)"),
        ("crl.twice", "if (std::ranges::find(state->facts, facts.authority, &RevocationFacts::authority) != "
                      "state->facts.end())", "if (false)"),
        ("crl.by_key", "if (facts == nullptr) return false;", "if (facts == nullptr) facts = &state_->facts.front();"),
        ("crl.taken_back", "X509_get_serialNumber(certificate.openssl())) != 0;",
         "X509_get_serialNumber(certificate.openssl())) == 1;"),
    ],
    "kernel/crypto/key_agreement.cpp": [
        ("agreement.derived", "!derived || size != kZero.size() || constant_time_equal(shared.expose(), kZero)",
         "false"),
    ],
}
