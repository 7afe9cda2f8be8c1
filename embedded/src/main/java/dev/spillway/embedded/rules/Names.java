package dev.spillway.embedded.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The syntax of names, label keys and label values: each method answers what is wrong, nothing if all is well. */
final class Names {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + QUALIFIED + ")?";

    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE);

    private Names() {}

    /** An RFC 1123 label of up to 63 characters, such as a namespace. */
    static List<String> dnsLabel(String text) {
        List<String> wrong = new ArrayList<>();
        if (LABEL_PATTERN.matcher(text).matches()) {
            return withLength(wrong, text, 63);
        }
        if (SUBDOMAIN_PATTERN.matcher(text).matches()) {
            wrong.add("must not contain dots");
        } else {
            wrong.add(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                            + " and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                            + " '" + LABEL + "')");
        }
        return withLength(wrong, text, 63);
    }

    /** An RFC 1123 subdomain of up to 253 characters, such as a pod's name. */
    static List<String> dnsSubdomain(String text) {
        List<String> wrong = new ArrayList<>();
        if (!SUBDOMAIN_PATTERN.matcher(text).matches()) {
            wrong.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                            + " '" + SUBDOMAIN + "')");
        }
        return withLength(wrong, text, 253);
    }

    /** Any text that can stand between two slashes of a URL: the rule for types without a stricter one. */
    static List<String> pathSegment(String text) {
        List<String> wrong = new ArrayList<>();
        if (text.equals(".") || text.equals("..")) {
            wrong.add("may not be '" + text + "'");
        }
        for (String illegal : List.of("/", "%")) {
            if (text.contains(illegal)) {
                wrong.add("may not contain '" + illegal + "'");
            }
        }
        return wrong;
    }

    /** A label key, annotation key, finalizer or resource name: {@code example.com/Name}, the prefix being optional. */
    static List<String> qualifiedName(String text) {
        List<String> wrong = new ArrayList<>();
        String[] parts = text.split("/", -1);
        if (parts.length > 2) {
            return List.of(
                    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                            + " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
                            + " validation is '" + QUALIFIED + "') with an optional DNS subdomain prefix and '/' (e.g."
                            + " 'example.com/MyName')");
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                wrong.add("prefix part must be non-empty");
            } else {
                dnsSubdomain(parts[0]).forEach(why -> wrong.add("prefix part " + why));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > 63) {
            wrong.add("name part must be no more than 63 bytes");
        }
        if (!QUALIFIED_PATTERN.matcher(name).matches()) {
            wrong.add(
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                            + " '" + QUALIFIED + "')");
        }
        return wrong;
    }

    /** A label's value of up to 63 characters; empty is allowed. */
    static List<String> labelValue(String text) {
        List<String> wrong = new ArrayList<>();
        withLength(wrong, text, 63);
        if (!VALUE_PATTERN.matcher(text).matches()) {
            wrong.add(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                            + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex"
                            + " used for validation is '" + VALUE + "')");
        }
        return wrong;
    }

    private static List<String> withLength(List<String> wrong, String text, int most) {
        if (text.length() > most) {
            wrong.add("must be no more than " + most + " bytes");
        }
        return wrong;
    }
}
