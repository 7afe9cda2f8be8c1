package dev.spillway.crds;

/**
 * Patterns and CEL fragments that more than one resource uses. Source: apimachinery's validation of labels, annotations
 * and names.
 */
public final class Syntax {
    /** Regular expression of a label's value, its length (63) apart. */
    public static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    /** Regular expression of a DNS label, its length apart. */
    public static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    private static final String DOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

    /** CEL: the string {@code k} is a label key. Its prefix has at most 253 characters. */
    public static final String IS_LABEL_KEY = "k.indexOf('/') <= 253 && k.matches('^(" + DOMAIN + "/)?" + NAME + "')";

    /** CEL: the string {@code k} is an annotation key, whose prefix, unlike a label key's, may have capitals. */
    public static final String IS_ANNOTATION_KEY =
            "k.indexOf('/') <= 253 && k.matches('^((?i:" + DOMAIN + ")/)?" + NAME + "')";

    /** What is said of a key that is no label key, after the key. */
    public static final String NO_LABEL_KEY =
            "which is no label key; write [prefix/]name, the name at most 63 letters, digits, '-', '_' or"
                    + " '.', the prefix a lower-case domain name";

    /** What is said of a value that is no label value, after the value. */
    public static final String NO_LABEL_VALUE =
            "which is no label value; use at most 63 letters, digits, '-', '_' or '.', the first and the"
                    + " last one a letter or digit, or leave it empty";

    private Syntax() {}
}
