package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Parsers and servers quote what they do not take, which may be the token of a kubeconfig or a variable of a pod: how to say the same without it,
 * and in which forms to look for it. Pure.
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

    /** A secret in each form in which a server may quote it: as it is, and as Java and Go write it into JSON. */
    public static Set<String> forms(String secret) {
        var forms = new TreeSet<String>();
        forms.add(secret);
        var json = new String(JsonStringEncoder.getInstance().quoteAsString(secret));
        forms.add(json);
        forms.add(json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"));
        return forms;
    }
}
