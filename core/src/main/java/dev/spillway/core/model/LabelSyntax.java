package dev.spillway.core.model;

import java.util.regex.Pattern;

/**
 * Kubernetes' syntax of label keys and values. Checked before anything is acquired: the API server stores a Binding's
 * metadata unchecked, and a bad label there breaks every later write to that pod (scenarios/api/binding-copies-labels.yaml).
 */
public final class LabelSyntax {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private LabelSyntax() {}

    /** Whether it may be a label or annotation key. */
    public static boolean isKey(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            return NAME.matcher(key).matches();
        }
        var prefix = key.substring(0, slash);
        return prefix.length() <= 253
                && SUBDOMAIN.matcher(prefix).matches()
                && NAME.matcher(key.substring(slash + 1)).matches();
    }

    /** Whether it may be a label value. */
    public static boolean isValue(String value) {
        return value.isEmpty() || NAME.matcher(value).matches();
    }
}
