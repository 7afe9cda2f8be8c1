package dev.spillway.clusterregion.mapping;

import dev.spillway.core.model.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What pods and namespaces of the home cluster are called in the region. */
public final class Naming {
    // A label of DNS. A pod's name may be longer, but with its namespace and UID it becomes the name of a folder on the
    // node.
    private static final int LONGEST = 63;
    private static final int TOKEN_DIGITS = 10;
    private static final int HASH_DIGITS = 16;

    private Naming() {}

    /** A pod's name: its own, cut to fit, and the first digits of the token, since a later pod may have the same name. */
    public static String pod(String homeName, Token token) {
        var start = homeName.substring(0, Math.min(homeName.length(), LONGEST - TOKEN_DIGITS - 1));
        return withoutTail(start) + "-" + token.value().substring(0, TOKEN_DIGITS);
    }

    /**
     * A namespace's name: prefix and name. Where that would be as long as a name may be, or longer, it is cut and ends with a hash of the whole
     * name; such a name has exactly the longest length and no other one has, so that no two namespaces share one.
     */
    public static String namespace(String prefix, String homeNamespace) {
        var whole = prefix + homeNamespace;
        if (whole.length() < LONGEST) {
            return whole;
        }
        return whole.substring(0, LONGEST - HASH_DIGITS - 1) + "-"
                + hash(homeNamespace).substring(0, HASH_DIGITS);
    }

    private static String withoutTail(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(0, end);
    }

    static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
