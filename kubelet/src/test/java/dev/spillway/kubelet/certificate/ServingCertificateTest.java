package dev.spillway.kubelet.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.NodeName;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServingCertificateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ServingName NAME =
            new ServingName(new NodeName("vn, 1"), List.of("vn-1.example"), List.of(InetAddress.ofLiteral("10.0.0.1")));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<ApiRequest> requests = new ArrayList<>();
    private final List<KeyAndChain> served = new ArrayList<>();
    private @Nullable ApiResponse answer = pending();
    private final ServingCertificate certificate = new ServingCertificate(
            (request, _) -> {
                requests.add(request);
                if (answer == null) {
                    throw new IOException("reset");
                }
                return answer;
            },
            NAME,
            () -> now,
            new Random(1),
            served::add);

    private static ApiResponse pending() {
        return ApiResponse.of(201, "{\"metadata\":{\"name\":\"spillway-kubelet-x\"},\"status\":{}}");
    }

    private static ApiResponse condition(String type) {
        return ApiResponse.of(200, """
                {"metadata":{"name":"r"},"status":{"conditions":[{"type":"%s","message":"no"}]}}""".formatted(type));
    }

    /** What a signer makes of the newest request: 100 days from now. */
    private ApiResponse signed() throws Exception {
        var authority = Signatures.newKey();
        var leaf = SelfSigned.issue(
                NAME.subject(),
                requestedKey(),
                new X500Principal("CN=ca"),
                authority.getPrivate(),
                now,
                now.plus(Duration.ofDays(100)),
                Der.sequence(Signatures.alternativeNames(NAME.dnsNames(), NAME.addresses())));
        var pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(leaf.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return ApiResponse.of(
                200,
                "{\"metadata\":{\"name\":\"r\"},\"status\":{\"certificate\":\"%s\"}}"
                        .formatted(Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII))));
    }

    private JsonNode lastCreated() throws IOException {
        return JSON.readTree(requests.stream()
                .filter(r -> r.method().equals("POST"))
                .toList()
                .getLast()
                .body());
    }

    private String lastPem() throws IOException {
        return new String(
                Base64.getDecoder()
                        .decode(lastCreated().path("spec").path("request").asText()),
                US_ASCII);
    }

    /** A key on P-256 is found by how its encoding begins. */
    private PublicKey requestedKey() throws Exception {
        var der = Base64.getMimeDecoder().decode(lastPem().replaceAll("-----.*-----", ""));
        var start = Signatures.newKey().getPublic().getEncoded();
        for (int i = 0; ; i++) {
            if (Arrays.equals(der, i, i + 26, start, 0, 26)) {
                var key = Arrays.copyOfRange(der, i, i + start.length);
                return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
            }
        }
    }

    @Test
    void asksAsTheSignerDemands() throws Exception {
        certificate.step();

        assertThat(requests.getFirst().path()).isEqualTo("/apis/certificates.k8s.io/v1/certificatesigningrequests");
        var spec = lastCreated().path("spec");
        assertThat(spec.path("signerName").asText()).isEqualTo("kubernetes.io/kubelet-serving");
        assertThat(spec.path("usages"))
                .extracting(JsonNode::asText)
                .containsExactly("digital signature", "server auth");
        assertThat(lastPem()).startsWith("-----BEGIN CERTIFICATE REQUEST-----\n");
    }

    @Test
    void waitsUntilItIsSigned() throws Exception {
        certificate.step();
        assertThat(certificate.step()).isEqualTo(Duration.ofSeconds(10));
        assertThat(requests.getLast().path()).endsWith("/certificatesigningrequests/spillway-kubelet-x");
        assertThat(served).isEmpty();
        answer = signed();
        certificate.step();

        assertThat(served).hasSize(1);
        assertThat(served.getFirst().certificate().getPublicKey()).isEqualTo(requestedKey());
    }

    @Test
    void asksAnewWithAnotherKeyWhenMostOfItsLifeIsOver() throws Exception {
        certificate.step();
        var key = requestedKey();
        answer = signed();
        certificate.step();
        int asked = requests.size();
        answer = pending();

        now = now.plus(Duration.ofDays(69));
        assertThat(certificate.step()).isEqualTo(Duration.ofHours(1));
        assertThat(requests).hasSize(asked);
        now = now.plus(Duration.ofDays(21));
        certificate.step();
        assertThat(requests).hasSize(asked + 1);
        assertThat(requestedKey()).isNotEqualTo(key);
    }

    @Test
    void aRefusalIsNoReasonToAskAllTheTime() {
        for (var refusal : List.of(condition("Denied"), condition("Failed"), ApiResponse.of(404, "{}"))) {
            answer = pending();
            certificate.step();
            answer = refusal;
            assertThat(certificate.step()).isEqualTo(Duration.ofMinutes(15));
            answer = pending();
            int asked = requests.size();
            certificate.step();
            assertThat(requests.get(asked).method()).isEqualTo("POST");
            answer = refusal;
            certificate.step();
        }
        assertThat(served).isEmpty();
    }

    @Test
    void whatIsNotKnownIsAskedAgain() {
        certificate.step();
        for (var unknown : List.of(
                ApiResponse.of(500, "{}"), ApiResponse.of(403, "{\"message\":\"no\"}"), ApiResponse.of(200, "x"))) {
            answer = unknown;
            assertThat(certificate.step()).isEqualTo(Duration.ofMinutes(1));
        }
        answer = null;
        assertThat(certificate.step()).isEqualTo(Duration.ofMinutes(1));
        assertThat(requests.stream().filter(r -> r.method().equals("POST"))).hasSize(1);
    }

    @Test
    void aCertificateForAnotherKeyIsNotServed() throws Exception {
        certificate.step();
        var forTheFirst = signed();
        answer = ApiResponse.of(404, "");
        certificate.step();
        answer = pending();
        certificate.step();
        answer = forTheFirst;

        assertThat(certificate.step()).isEqualTo(Duration.ofMinutes(15));
        assertThat(served).isEmpty();
    }

    @Test
    void approvedIsNotSigned() {
        certificate.step();
        answer = condition("Approved");

        assertThat(certificate.step()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aSelfSignedOneSaysTheSame() throws Exception {
        var own = NAME.selfSigned(now).certificate();

        own.verify(own.getPublicKey());
        own.checkValidity(Date.from(now));
        assertThat(own.getSubjectX500Principal())
                .isEqualTo(new X500Principal("O=system:nodes, CN=\"system:node:vn, 1\""));
        assertThat(own.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "vn-1.example"), List.of(7, "10.0.0.1"));
        assertThat(own.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(own.getVersion()).isEqualTo(3);
    }

    @Test
    void timesFrom2050OnAreWrittenAsTheStandardSays() {
        var late = SelfSigned.create(
                new X500Principal("CN=x"),
                List.of("x"),
                List.of(),
                Instant.parse("2049-12-31T23:59:59Z"),
                Duration.ofSeconds(1));

        assertThat(late.certificate().getNotAfter().toInstant()).isEqualTo("2050-01-01T00:00:00Z");
        assertThat(late.certificate().getNotBefore().toInstant()).isEqualTo("2049-12-31T22:59:59Z");
    }

    @Test
    void aNameIsNeeded() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServingName(new NodeName("x"), List.of(), List.of()));
    }
}
