package dev.spillway.kubelet.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** A home cluster that signs the newest request, once it is told to, for loopback. Not thread-safe. */
public final class TestSigner implements Sender {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock;
    private final Duration life;
    private final KeyPair key = Signatures.newKey();
    private String newest = "";
    private int requests;
    private boolean isApproved;

    public TestSigner(InstantSource clock, Duration life) {
        this.clock = clock;
        this.life = life;
    }

    /** Somebody approves the newest request. */
    public void approve() {
        isApproved = true;
    }

    /** How many there were. */
    public int requests() {
        return requests;
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) {
        if (request.method().equals("POST")) {
            requests++;
            isApproved = false;
            newest = pem(request);
            return ApiResponse.of(201, "{\"metadata\":{\"name\":\"csr-%d\"},\"status\":{}}".formatted(requests));
        }
        var certificate = isApproved ? signed(clock.instant()) : "";
        return ApiResponse.of(
                200,
                "{\"metadata\":{\"name\":\"csr-%d\"},\"status\":{\"certificate\":\"%s\"}}"
                        .formatted(requests, certificate));
    }

    private static String pem(ApiRequest request) {
        try {
            var spec = JSON.readTree(request.body()).path("spec");
            return new String(Base64.getDecoder().decode(spec.path("request").asText()), US_ASCII);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String signed(Instant now) {
        try {
            var names = Der.sequence(Signatures.alternativeNames(List.of(), List.of(InetAddress.getLoopbackAddress())));
            var leaf = SelfSigned.issue(
                    new X500Principal("O=system:nodes, CN=system:node:spillway"),
                    requestedKey(),
                    new X500Principal("CN=ca"),
                    key.getPrivate(),
                    now,
                    now.plus(life),
                    names);
            var text = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(leaf.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key on P-256 is found by how its encoding begins. */
    private PublicKey requestedKey() throws GeneralSecurityException {
        var der = Base64.getMimeDecoder().decode(newest.replaceAll("-----.*-----", ""));
        var start = Signatures.newKey().getPublic().getEncoded();
        for (int i = 0; ; i++) {
            if (Arrays.equals(der, i, i + 26, start, 0, 26)) {
                var found = Arrays.copyOfRange(der, i, i + start.length);
                return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(found));
            }
        }
    }
}
