package dev.spillway.trials.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** A secret that stands in one place only, with a value that cannot occur by chance. */
enum Canary {
    HOME_TOKEN,
    REGION_TOKEN,
    REGION_KEY,
    URL_PASSWORD,
    URL_TOKEN,
    BROKEN_TOKEN,
    UNREADABLE_KEY,
    PLUGIN_ARGUMENT,
    SECRET_VALUE,
    SECRET_SECOND_LINE,
    PULL_SECRET,
    ACCOUNT_TOKEN,
    VARIABLE,
    HEADER,
    ARGUMENT,
    CLIENT_TOKEN,
    UNLUCKY_CLIENT_TOKEN,
    EXEC_COMMAND,
    LOG_LINE;

    /** As it is planted. What has to be escaped in JSON, in YAML or in a URL is in those that may have it. */
    String value() {
        return isAwkward() ? core() + "\"<&>\\" + core() : core();
    }

    private boolean isAwkward() {
        return this == SECRET_VALUE || this == VARIABLE || this == HEADER;
    }

    /** What of it is searched for: a part is as bad as the whole. */
    private String core() {
        return "canary-" + name().toLowerCase(Locale.ROOT).replace('_', '-') + "-f7q2zx";
    }

    /** Each way in which it may be written: as it is, in a URL, and within something that is base64. */
    Set<String> forms() {
        var forms = new LinkedHashSet<String>();
        forms.add(core());
        forms.add(URLEncoder.encode(core(), UTF_8));
        for (int before = 0; before < 3; before++) {
            var encoded = Base64.getEncoder().encodeToString(("x".repeat(before) + core()).getBytes(UTF_8));
            // The first digits and the last ones depend on what stands around it.
            forms.add(encoded.substring(before == 0 ? 0 : 4, encoded.length() - 4));
        }
        return forms;
    }
}
