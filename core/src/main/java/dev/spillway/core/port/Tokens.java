package dev.spillway.core.port;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes idempotency tokens: a hash of cluster id, pod UID, region and incarnation, so that a restart makes the same ones. */
public final class Tokens {
    private Tokens() {}

    /** The token of the incarnation that has these tags. */
    public static Token of(Tags tags) {
        return of(tags.clusterId(), tags.podUid(), tags.offer().region(), tags.incarnation());
    }

    /** The token of one incarnation: SHA-256 in 64 hexadecimal digits, which every provider's limit admits. */
    public static Token of(String clusterId, PodUid uid, RegionId region, int incarnation) {
        try {
            var text = clusterId + "\n" + uid + "\n" + region + "\n" + incarnation;
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Token(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
