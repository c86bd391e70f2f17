//! Source control, continuous integration and code analysis.

use super::super::checksum::Checksum;
use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("github-pat-classic", "GitHub", "classic personal access token", "GITHUB_PERSONAL_ACCESS_TOKEN")
        .prefix(&["ghp_"], "[A-Za-z0-9]{36,255}")
        .checksum(Checksum::BodyBase62)
        .example("ghp_24c6KwB2jdt3MyC4k06eaMbfPgbWMnNU0waP4d3KjJOs")
        .misses(&["ghp_short0123456789"]),
    rule("github-oauth", "GitHub", "OAuth access token", "GITHUB_OAUTH_TOKEN")
        .prefix(&["gho_"], "[A-Za-z0-9]{36,255}")
        .checksum(Checksum::BodyBase62)
        .example("gho_kJiTR8PuelQErANGgJGYCzpnS0j7d77BCUjSy83rRDJ0"),
    rule("github-user-to-server", "GitHub", "App user-to-server token", "GITHUB_APP_TOKEN")
        .prefix(&["ghu_"], "[A-Za-z0-9]{36,255}")
        .checksum(Checksum::BodyBase62)
        .example("ghu_uDU4c2NM4ycaTjmPB9tDNYd1Gd83hIR0PsZPzL2O3kpK"),
    rule("github-server-to-server", "GitHub", "App installation token, opaque or `ghs_APPID_JWT`", "GITHUB_APP_TOKEN")
        .prefix(&["ghs_"], r"(?:[\w-]{36,1000}(?:\.[\w-]+){0,2}|[0-9]{1,12}_[\w-]+\.[\w-]+\.[\w-]+)")
        .checksum(Checksum::BodyBase62)
        .example("ghs_CXAODCIhTUhn4p9iQPZ1IBWT1nVoTp3vNW3m")
        .hits(&["ghs_1234567_eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnaXRodWIiLCJzdWIiOiIxMjM0NTYifQ.Rk9PQkFSYmF6cXV4MTIzNDU2Nzg5MA"]),
    rule("github-refresh", "GitHub", "refresh token", "GITHUB_REFRESH_TOKEN")
        .prefix(&["ghr_"], "[A-Za-z0-9]{36,255}")
        .checksum(Checksum::BodyBase62)
        .example("ghr_N9dViz1eQHlAITUCNTYXX9ZamctovLRnJyxMJAkhFsEY16t4Og5ymOy7x8VZtK32R7BqsA0tCRPx"),
    rule("github-fine-grained", "GitHub", "fine-grained personal access token", "GITHUB_FINE_GRAINED_TOKEN")
        .prefix(&["github_pat_"], r"\w{60,255}")
        .example("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"),
    rule("gitlab-pat", "GitLab", "personal access token", "GITLAB_TOKEN")
        .prefix(&["glpat-"], r"[\w-]{20,300}(?:\.[0-9a-z]{2})?(?:\.[0-9a-z]{9})?")
        .checksum(Checksum::AllBase36)
        .example("glpat-bymJ28sJvosNTZqpoDKF")
        .hits(&["glpat-aZ3kQ9vL2mN8pR4tW7yB1cF6hJ0s.01.0w1a2b3c4"]),
    rule("gitlab-deploy", "GitLab", "deploy token", "GITLAB_TOKEN")
        .prefix(&["gldt-"], r"[\w-]{20,64}")
        .example("gldt-T6ZmmI6lf5HVNex6WYCgxjW1ZmW7"),
    rule("gitlab-runner", "GitLab", "runner authentication token", "GITLAB_TOKEN")
        .prefix(&["glrt-", "glrtr-"], r"[\w-]{20,300}(?:\.[0-9a-z]{2})?(?:\.?[0-9a-z]{9})?")
        .example("glrt-t1_PzOKSlOxOBeaI39VlLFd"),
    rule("gitlab-runner-registration", "GitLab", "runner registration token", "GITLAB_TOKEN")
        .prefix(&["GR1348941"], r"[\w-]{20,40}")
        .example("GR13489413v41mrWt2asc2MpWzwKYuEhqyp"),
    rule("gitlab-ci-job", "GitLab", "CI job token", "GITLAB_TOKEN")
        .prefix(&["glcbt-"], r"[0-9a-zA-Z]{1,5}_[\w-]{20,300}(?:\.[\w-]+){0,2}")
        .example("glcbt-64_49FcJImv7Re0hPTbWrOY"),
    rule("gitlab-trigger", "GitLab", "pipeline trigger token", "GITLAB_TOKEN")
        .prefix(&["glptt-"], r"[\w-]{20,64}")
        .example("glptt-49e8c44744d696abfd87ec04f930933f3b354636"),
    rule("gitlab-other", "GitLab", "feed, mail, agent, OAuth, SCIM, feature flag, workspace or import token", "GITLAB_TOKEN")
        .prefix(&["glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-", "glwt-", "glisat-"], r"[\w-]{20,100}")
        .example("glft-pAneOJgjjJPoQ1b8OW2V0B5IPJSY"),
    rule("gitlab-session", "GitLab", "session cookie", "GITLAB_SESSION_TOKEN")
        .prefix(&["_gitlab_session="], "[0-9a-zA-Z]{32}")
        .example("_gitlab_session=dvs5jl9cZGf9X33vMQnF4mKbMygMi8F3"),
    rule("bitbucket-app-password", "Atlassian", "Bitbucket app password", "BITBUCKET_TOKEN")
        .prefix(&["ATBB"], "[A-Za-z0-9]{24,40}")
        .checksum(Checksum::AllHex)
        .example("ATBB1AKD5DnxdtAuJvMtdpcOV2yK9aacd9c9"),
    rule("bitbucket-access-token", "Atlassian", "Bitbucket repository, project or workspace token", "BITBUCKET_TOKEN")
        .prefix(&["ATCTT3"], "[A-Za-z0-9_=-]{100,300}")
        .checksum(Checksum::AllHex)
        .example("ATCTT3qvXd3RS4x3fAwlzqQq1a35CAutgBIrF3gQPy7kB0eDwRrD2p7YSeAT5BT6JUFJNPMCUEvkDNPqRgUfL8e8lNUBqAinfCLhm34PxH49d7c706"),
    rule("bitbucket-data-center", "Atlassian", "Bitbucket Data Center token", "BITBUCKET_TOKEN")
        .prefix(&["BBDC-"], "[A-Za-z0-9+/@_-]{32,64}={0,2}")
        .example("BBDC-s4oN29EBMpHCWBYDi46E2aYu9ZTv7jf4P5WAwZTk"),
    rule("atlassian-api-token", "Atlassian", "API token", "ATLASSIAN_TOKEN")
        .prefix(&["ATAT"], "[A-Za-z0-9_=-]{30,300}")
        // Nucleotides have none.
        .with_digit()
        .misses(&["ATATGGATTGGGGGCATTCAAAGATACGGTTTCCCTTTCTTCAGTTTCGCGCGGCGCACGTCCGGGTGCGAGCC"])
        .checksum(Checksum::AllHex)
        .example("ATATT3xFfGF08bdayzvWPBrS0BhvbhOBYDvbqYqIa5LjCEKKV61zvbMKwLbqctE7unIkqAM0-XJQCY8R37dDOHTzyxvPxdPGEk3OAiK2YJdxvUiBH6836scE57VoWcJCEQRpV_s0sVF3myTqqUdAIcT6cMl9kzQjhxDkXu7neqOU6AgAAU9WKGHk=1A2B3C4D"),
    rule("atlassian-oauth-secret", "Atlassian", "OAuth 2.0 client secret", "ATLASSIAN_CLIENT_SECRET")
        .prefix(&["ATOA"], r"[\w-]{40,200}")
        .score(0.8)
        .example("ATOAHmMiJJiJzVAB8qoyGi8RrNb9epjv4BLVGvxF4kKeFvsIFhKH"),
    rule("trello-token", "Atlassian", "Trello token", "TRELLO_TOKEN")
        .prefix(&["ATTA"], "[A-Za-z0-9]{64,80}")
        .example("ATTAEKYsSBvRugfFWF1Gn6nXCkm2q2TZKufmgBnQeDXdU0Fr8zhgs7We8f92rIsX91CekfC6G"),
    rule("circleci", "CircleCI", "personal or project token", "CIRCLECI_TOKEN")
        .prefix(&["CCIPAT_", "CCIPRJ_"], "[A-Za-z0-9]{22}_[a-zA-Z0-9]{40}")
        .example("CCIPAT_mKlGBBX7c2j0itlo5PCLux_KfkHDD0kCDlGXCIPVAvKbCJcBx4as6YbQphB6jIh"),
    rule("buildkite", "Buildkite", "user, agent, cluster or portal token", "BUILDKITE_TOKEN")
        .prefix(&["bkua_", "bkaa_", "bkaj_", "bkar_", "bkct_", "bkpt_", "bkpat_", "bkps_"], r"[\w-]{40,333}")
        .example("bkua_za5Rg22nJO1fC74SlOlYWsPEO30xESOnxiaaXZX4u8vrieKX"),
    rule("sourcegraph", "Sourcegraph", "access token", "SOURCEGRAPH_TOKEN")
        .prefix(&["sgp_"], "(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40}")
        .example("sgp_629b6accd9e3e8de12325ea2a7530227461c6d4b"),
    rule("sourcegraph-license", "Sourcegraph", "product subscription or license token", "SOURCEGRAPH_TOKEN")
        .prefix(&["sgd_", "slk_"], "[0-9a-fA-F]{64}")
        .example("sgd_d0cf9474a7f6fe834acb2b0ebb5d08b4511703cb0f8865b7d97def6f4ff0ee7c"),
    rule("sonar", "Sonar", "user, project or global token", "SONAR_TOKEN")
        .prefix(&["squ_", "sqp_", "sqa_"], "[0-9a-fA-F]{40}")
        .example("squ_edd224fbcee8b7aaa7c83ca4a6ad01a765349aec"),
    rule("snyk", "Snyk", "user or service token", "SNYK_TOKEN")
        .prefix(&["snyk_uat.", "snyk_sat."], r"[a-z0-9]{8}\.[\w.-]{16,200}")
        .example("snyk_uat.1a2b3c4d.UzPJRGD94lDjid8w8PbgC3NbSY2xYieHublLR60M"),
    rule("harness", "Harness", "personal or service account token", "HARNESS_TOKEN")
        .prefix(&["pat.", "sat."], r"[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}")
        .example("pat.3H0sg5LA5Onx3tQ2aILyKi.PceM4JUdYXnzSIlofoeetNvY.dcGn9Y3b3vz4DxZYqXAq"),
    rule("coderabbit", "CodeRabbit", "API key", "CODERABBIT_KEY")
        .prefix(&["cr-"], "[0-9a-fA-F]{58}")
        .example("cr-a05b82125abac88b79c28db926edd9f0963f92aff8e636917c6aacc50f"),
    rule("semgrep", "Semgrep", "app token", "SEMGREP_TOKEN")
        .prefix(&["sgp_"], "[A-Za-z0-9]{60,70}")
        .score(0.8)
        .example("sgp_X7zMwMmovULrxZkMIAUDvMLoyXJbNn1yOgCmuzvY3jV68vE2ojFIx2f3775wDCM"),
    rule("mergify", "Mergify", "application key", "MERGIFY_KEY")
        .prefix(&["mergify_application_key_"], r"[\w-]{40,200}")
        .example("mergify_application_key_TGz8VbW6CNG0DyzekTgtODrSmXmhhozf9U0KiaTSYj4KSMaO"),
    rule("stackhawk", "StackHawk", "API key", "STACKHAWK_KEY")
        .prefix(&["hawk."], r"[\w-]{20}\.[\w-]{20}")
        .example("hawk.sbJfj3oKs5q2fNOGnHEF.wgcfG5zvJ3nknTKHzOBc"),
    rule("endor-labs", "Endor Labs", "API key or secret", "ENDOR_KEY")
        .prefix(&["endr+"], "[A-Za-z0-9-]{16}")
        .example("endr+FSBC7ziSPXyFcyGs"),
    rule("aikido", "Aikido", "client secret or CI token", "AIKIDO_TOKEN")
        .prefix(&["AIK_SECRET_", "AIK_CI_"], "[A-Za-z0-9]{20,64}")
        .example("AIK_SECRET_sXSyunmmgaZaLCPsZAScwCRSBQyQ"),
    rule("dryrun-security", "DryRun Security", "API key", "DRYRUN_KEY")
        .prefix(&["dryrunsec_"], "[A-Za-z0-9]{32}")
        .example("dryrunsec_uVhjbeaVECVOjqfy9DqM2qDSC3WXN01j"),
    rule("iterative-studio", "Iterative", "Studio token", "ITERATIVE_TOKEN")
        .prefix(&["isat_"], r"[\w-]{20,80}")
        .example("isat_BzpFD24K90HSle8sxIEL2yANpFdS"),
    rule("dependency-track", "Dependency-Track", "API key", "DEPENDENCY_TRACK_KEY")
        .prefix(&["odt_"], "[A-Za-z0-9]{32,255}")
        .example("odt_ZgAwCqHshrKZCh8eCOKlCPBpHHPDln43eWETctMu"),
    rule("testkube", "Testkube", "API token", "TESTKUBE_TOKEN")
        .prefix(&["tkcapi_"], "[a-z0-9]{30,64}")
        .example("tkcapi_qmfoluqmyur6g8cpr8mnbegr752dgciph8bmwo"),
    rule("octopus-deploy", "Octopus Deploy", "API key", "OCTOPUS_API_KEY")
        .prefix(&["API-"], "[A-Z0-9]{25,33}")
        .score(0.8)
        .example("API-ASAK7X8RJMT6SLZM7DP9XFK2GIQ"),
    rule("unleash-user", "Unleash", "personal access token", "UNLEASH_TOKEN")
        .prefix(&["user:"], "[0-9a-fA-F]{56}")
        .example("user:9affcacd42c7b9533a91495735a7136d3221cb22505bbd70c2acc7b9"),
];
