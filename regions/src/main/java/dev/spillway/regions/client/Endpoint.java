package dev.spillway.regions.client;

import dev.spillway.regions.protocol.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * {@code spec.backend.endpoint} of a Region: the base URL of what serves it. Requests carry the specifications of pods, so it is https,
 * with the certificates that the JDK trusts, or http on a loopback address. This is the only place that reads one; the definition of
 * the Region kind has the same pattern, so that a bad endpoint is refused when it is written. Immutable.
 *
 * @param base without a slash at its end
 */
public record Endpoint(URI base) {
    /** What an endpoint looks like; the same as in the definition of the Region kind. */
    static final Pattern PATTERN =
            Pattern.compile("^(https://[^/?#@\\s]+|http://(localhost|127([.][0-9]{1,3}){3}|\\[::1\\])(:[0-9]{1,5})?)"
                    + "(/[^?#@\\s]*)?$");

    /**
     * Reads an endpoint as it is written.
     *
     * @throws MalformedException where it is none; names the field and says what to write
     */
    public static Endpoint parse(String text) {
        if (PATTERN.matcher(text).matches()) {
            try {
                var base = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
                if (base.getHost() != null) {
                    return new Endpoint(base);
                }
            } catch (URISyntaxException e) {
                throw new MalformedException(problem(text), e);
            }
        }
        throw new MalformedException(problem(text));
    }

    private static String problem(String text) {
        return ("spec.backend.endpoint is '%s'; write an https URL, or an http URL on a loopback address, without"
                        + " user, query and fragment, such as http://127.0.0.1:8087.")
                .formatted(text);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
