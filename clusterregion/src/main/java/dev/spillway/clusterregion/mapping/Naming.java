package dev.spillway.clusterregion.mapping;

import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
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

    /** The ConfigMap that each namespace of each cluster has, with the certificate of whoever signs for its API server. */
    static final String ROOT_CERTIFICATE = "kube-root-ca.crt";

    /** What a copy of the home's is called, beside the region's own. */
    static final String HOME_ROOT_CERTIFICATE = "kube-root-ca.crt.home";

    /** How Secrets with tokens are called; what stands before it can be told from what anybody may read of a pod at home. */
    private static final String TOKENS = ".tokens.spillway.dev";

    private Naming() {}

    /** The Secret with the tokens of a pod of the region. */
    public static String tokens(String pod) {
        return pod + TOKENS;
    }

    /** Whether some pod's tokens might be called so. */
    static boolean isOfTokens(Reference reference) {
        return reference.kind() == Kind.SECRET && reference.name().endsWith(TOKENS);
    }

    /** What an object that a pod of the region names is called at home. */
    public static String atHome(Reference reference) {
        boolean isRenamed =
                reference.kind() == Kind.CONFIG_MAP && reference.name().equals(HOME_ROOT_CERTIFICATE);
        return isRenamed ? ROOT_CERTIFICATE : reference.name();
    }

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
