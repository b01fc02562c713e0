"""Mutants of delegations: what a third party's credential is asked, from its bytes to the login."""
MUTANTS = {
    "kernel/crypto/delegation.cpp": [
        ("delegation.known", "const bool good = known && ", "const bool good = "),
        ("delegation.size", " && bytes.size() <= kMaxDelegation", ""),
        ("delegation.times", "has_good_times(out) &&", ""),
        ("delegation.issued", "delegation.issued.time_since_epoch().count() >= 0 && ", ""),
        ("delegation.endpoint", "base::Endpoint::parse(out.endpoint) && ", ""),
        ("delegation.key", "!out.spki.empty() && ", ""),
        ("delegation.topics", " && has_good_topics(out.topics)", ""),
        ("delegation.some_topic", "!topics.empty() && topics.size()", "topics.size()"),
        ("delegation.many_topics", "topics.size() <= kMaxDelegatedTopics && ", ""),
        ("delegation.sorted", "&& ascending &&", "&&"),
        ("delegation.each_topic", " &&\n         std::ranges::all_of(topics, is_delegable)", ""),
        ("delegation.everything", ' && topic != "*"', ""),
        ("delegation.admin", " && !topic.starts_with(kAdminTopics)", ""),
        ("delegation.control", " &&\n         std::ranges::none_of(topic, is_control)", ""),
        ("delegation.kid", "content.kid == site.key_id() && ", ""),
        ("delegation.signature", " && site.verify(kLabel, made.delegation, made.signature)", ""),
    ],
    "kernel/auth/login_request.cpp": [
        ("request.half_a_delegation", "present != 3 || ", ""),
        ("request.chain_ends", " || !chain.finished()", ""),
        ("request.chain_length", " || proof.site_chain.size() > kMaxSiteChain)", ")"),
    ],
    "kernel/auth/standing.cpp": [
        ("standing.kind", "if (is_delegate != request.delegation.has_value()) {",
         "if (is_delegate && !request.delegation) {"),
        ("standing.audience", "delegation.audience != common.identity.audience()", "false"),
        ("standing.key", "key && base::equal(key->spki(), delegation.spki)", "key.has_value()"),
        ("standing.chain", "FAIRLEAD_TRY(auto path,", "auto path = chain;\n  static_cast<void>("),
        ("standing.signature", "FAIRLEAD_TRY(crypto::verify_delegation(proof.made, *site));", ""),
        ("standing.may_delegate", "!may_delegate || ", ""),
        ("standing.below", " && !endpoint->app().empty()", ""),
        ("standing.endpoint", " && request.endpoint == delegation.endpoint", ""),
        ("standing.future", "delegation.issued > now + kClockSkew", "false"),
        ("standing.day", "delegation.expires - delegation.issued > crypto::kLongestDelegation ||", "false ||"),
        ("standing.certificate", "delegation.expires > standing.certificate().not_after()", "false"),
        ("standing.end", "std::min(certificate, standing.delegation->expires)", "certificate"),
    ],
    "kernel/auth/login_checks.cpp": [
        ("delegate.checked", "FAIRLEAD_TRY(check_delegation(standing, identity, request, common.clock.wall()));", ""),
        ("delegate.topics", "if (standing.delegation) session->topics = standing.delegation->topics;", ""),
        ("delegate.revocable", "session->peer_path = der_path(standing.path);", ""),
    ],
    "kernel/auth/server_login.cpp": [
        ("delegate.oracle", "is_known ? why : Refusal::login_refused", "why"),
    ],
    "kernel/route/router.cpp": [
        ("route.topics", "if (!may_send(sender, headers.kind, headers.topic)) "
                         "return tl::unexpected(base::Refusal::not_allowed);", ""),
        ("route.replies", " || kind == frame::MessageKind::reply", ""),
    ],
    "kernel/crypto/login_peer_check.cpp": [
        ("delegate.alone", "!alone || !leaf", "!leaf"),
        ("delegate.own_key", " || X509_self_signed(shown, 1) != 1", ""),
    ],
    "kernel/crypto/login_tls_context.cpp": [
        ("delegate.only_name", "base::equal(extension.counted(), protocol_list(kDelegateProtocol))",
         "base::as_text(extension.rest()).find(kDelegateProtocol) != std::string_view::npos"),
        ("delegate.own_context", "judges_delegates ? &check_delegate : &check_login_peer", "&check_delegate"),
        ("delegate.server_judged", "server && Kind == LoginKind::delegate", "Kind == LoginKind::delegate"),
    ],
    "kernel/crypto/login_tls.cpp": [
        ("delegate.protocol", "const std::string_view wanted = protocol_of(check.kind);",
         "const std::string_view wanted = base::as_text({selected, size});"),
    ],
}
