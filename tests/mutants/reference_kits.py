"""Mutants of the opener of foreign kits: what is asked of a kit in which nothing is signed."""
MUTANTS = {
    "kernel/kit/reference_files.cpp": [
        ("foreign.relay", "if (is_there(relay))", "if (false)"),
        ("foreign.behind_relay", "if (is_there(behind))", "if (false)"),
        ("foreign.signed_start", "for (const fs::path& folder : {kit / \"startup\", kit / \"local\", kit})",
         "for (const fs::path& folder : {kit / \"local\", kit})"),
        ("foreign.signed_local", "for (const fs::path& folder : {kit / \"startup\", kit / \"local\", kit})",
         "for (const fs::path& folder : {kit / \"startup\", kit})"),
        ("foreign.signed_whole", "for (const fs::path& folder : {kit / \"startup\", kit / \"local\", kit})",
         "for (const fs::path& folder : {kit / \"startup\", kit / \"local\"})"),
        ("foreign.was_signed", "FAIRLEAD_TRY(check_never_signed(kit, kit / \"startup\" / found->settings_file));", ""),
        ("foreign.half_signed", "if (has(kManifestFile) || has(kSignatureFile) || has(kSettingsFile)) "
                                "return std::nullopt;", "if (has(kManifestFile)) return std::nullopt;"),
        ("foreign.two_kits", "if (found)\n", "if (false)\n"),
    ],
    "kernel/kit/reference_settings.cpp": [
        ("foreign.format", 'top_.must_be("format_version", kit_.format);', 'top_.skip({"format_version"});'),
        ("foreign.scheme", 'text != "tcp" && !config::is_legacy_scheme(text)', "false"),
        ("foreign.key_file", "fields.must_be(key, files.key);", "fields.skip({key});"),
        ("foreign.root_file", "fields.must_be(root, kRootFile);", "fields.skip({root});"),
        ("foreign.name", "base::check_participant_name(type, name); !legal)",
         "base::check_participant_name(type, name); false)"),
        ("foreign.admin_role", "return has_known_role(leaf) ? \"\"", "return true ? \"\""),
        ("foreign.site_role", "if (has_known_role(leaf))\n", "if (false)\n"),
        ("foreign.server_name", "settings.type == ParticipantType::client && settings.name == settings.server_name",
         "false"),
        ("foreign.cut", "return name.substr(0, kLongestCommonName);", "return name;"),
    ],
    "kernel/kit/reference_kit.cpp": [
        ("foreign.rules", "crypto::LegacyRules::yes};", "crypto::LegacyRules::no};"),
        ("foreign.identity", "FAIRLEAD_TRY(add_certificate(settings.read, own.chain.front(), startup.path() / "
                             "files.certificate));", ""),
        ("foreign.signer", "crypto::ChainPurpose::token_signing}", "crypto::ChainPurpose::server_login}"),
        ("foreign.delegated", "if (is_delegated(path))", "if (false)"),
        ("foreign.custom_ca_unused", "if (!used) return std::nullopt;", ""),
    ],
    "kernel/kit/credentials.cpp": [
        ("foreign.common_name", "if (found == wanted && (!by_name || leaf.uri_names().empty())) return {};",
         "if (by_name || found == wanted) return {};"),
    ],
    "kernel/kit/kit.cpp": [
        ("kit.our_rules", "const crypto::TrustAnchor anchor{root, crypto::LegacyRules::no};",
         "const crypto::TrustAnchor anchor{root, crypto::LegacyRules::yes};"),
        ("kit.unsigned_version", "if (!is_signed()) return {};", ""),
    ],
    "kernel/kit/site_settings.cpp": [
        ("site.custom_ca_of_kit", "if (!resolved_participant(kit).custom_ca_cert) return {};", "return {};"),
        ("site.custom_ca_unused", "if (!participant.custom_ca_used) return std::nullopt;", ""),
    ],
    "kernel/kit/make_delegated_kit.cpp": [
        ("delegate.unsigned", "if (!site.is_signed())", "if (false)"),
    ],
    "kernel/plugin/option_values.cpp": [
        ("plugin.legacy_reserved", '"crl",         "legacy_certificates",', '"crl",         "curve_key",'),
        ("plugin.site_option", "if ((one.flags & FAIRLEAD_OPT_LOCAL) != 0)", "if (false)"),
        ("plugin.legacy", "credentials.legacy == crypto::LegacyRules::yes", "true"),
    ],
}
