package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JacksonException;
import java.util.regex.Pattern;

/**
 * Parsers quote what they do not take, which may be the token of a kubeconfig: how to say the same without it. What servers quote: {@link Quotation}.
 * Pure.
 */
public final class Quoted {
    private static final Pattern PLACE = Pattern.compile("line:? (\\d+), column:? (\\d+)");

    private Quoted() {}

    /** Why a parser gave up, without what it read; the message of an exception that is none of a parser of JSON or YAML. */
    public static String problem(Throwable thrown) {
        boolean isOfParser = false;
        var place = "";
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (isOfParser(cause)) {
                isOfParser = true;
                var found = PLACE.matcher(String.valueOf(cause.getMessage()));
                place = place.isEmpty() && found.find()
                        ? " at line %s, column %s".formatted(found.group(1), found.group(2))
                        : place;
            }
        }
        return isOfParser ? "what was read is malformed" + place : String.valueOf(thrown.getMessage());
    }

    /** Whether a text was not what a parser of JSON or YAML expected. */
    public static boolean isOfParser(Throwable thrown) {
        return thrown instanceof JacksonException || thrown.getClass().getName().contains(".snakeyaml.");
    }
}
