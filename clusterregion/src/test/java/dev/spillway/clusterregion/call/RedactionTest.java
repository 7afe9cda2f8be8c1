package dev.spillway.clusterregion.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiResponse;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ObjectNode secret(String value) {
        var secret = object("{\"kind\": \"Secret\", \"metadata\": {\"name\": \"keys\", \"namespace\": \"team-a\"}}");
        secret.putObject("data").put("key", base64(value));
        return secret;
    }

    private static ObjectNode pod(String variable) {
        var pod = object("""
                {"kind": "Pod", "metadata": {"name": "web", "namespace": "team-a", "labels": {"app": "billing-api"}},
                 "spec": {"containers": [{"name": "main", "image": "registry.example.com/web:1.2",
                   "env": [{"name": "SETTING"}], "command": ["/bin/sh", "--password=s3cr3t-x"]}]}}
                """);
        ((ObjectNode) pod.at("/spec/containers/0/env/0")).put("value", variable);
        return pod;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2", "correct horse battery staple", "p4ss/w<o>rd\"&", "eyJhbGciOiJSUzI1NiIsImtpZCI6Ik"})
    void aSecretsValueIsTakenOutInEachFormThatItHasInTheRequest(String value) {
        var words = "data %s was %s, in JSON %s; no".formatted(base64(value), value, JSON.valueToTree(value));

        assertThat(Redaction.of(secret(value), words))
                .isEqualTo("data (not shown) was (not shown), in JSON \"(not shown)\"; no");
    }

    @Test
    void aLineOfAKeyIsTakenOutToo() {
        var key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END KEY-----\n";

        assertThat(Redaction.of(secret(key), "cannot parse MIIEvQIBADANBgkqhkiG9w0B in line 2"))
                .isEqualTo("cannot parse (not shown) in line 2");
    }

    /** kubernetes.io/dockerconfigjson: user and password in base64 as {@code auth}. */
    @Test
    void aRegistrysPasswordIsTakenOutOfItsJson() {
        var config = """
                {"auths": {"registry.example.com": {"username": "robot", "password": "tr0ub4dor&3", "auth": "%s"}}}
                """.formatted(base64("robot:tr0ub4dor&3"));
        var words = "registry.example.com said no to robot:tr0ub4dor&3, to tr0ub4dor\\u00263 and to %s"
                .formatted(base64("robot:tr0ub4dor&3"));

        assertThat(Redaction.of(secret(config), words))
                .isEqualTo("registry.example.com said no to (not shown), to (not shown) and to (not shown)");
    }

    /** kubectl apply keeps the whole object in an annotation; of a Secret its data, of a pod its variables. */
    @Test
    void anAnnotationThatIsAnObjectIsLookedInto() {
        var secret = secret("n3w-secret");
        secret.withObject("/metadata/annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        secret("0ld-secret").toString());
        var pod = pod("n3w-variable");
        pod.withObject("/metadata/annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        pod("0ld-variable").toString());

        assertThat(Redaction.of(secret, "was " + base64("0ld-secret"))).isEqualTo("was (not shown)");
        assertThat(Redaction.of(pod, "was " + pod("0ld-variable").at("/spec/containers/0/env")))
                .isEqualTo("was [{\"name\":\"SETTING\",\"value\":\"(not shown)\"}]");
    }

    @Test
    void ofOtherAnnotationsOnlyWhatIsNamedASecretIsOne() {
        var pod = pod("some-variable");
        pod.withObject("/metadata/annotations")
                .put("example.com/api-token", "t0k3n-of-team-a")
                .put("example.com/team", "payments-and-billing");

        assertThat(Redaction.of(pod, "denied: team payments-and-billing with t0k3n-of-team-a"))
                .isEqualTo("denied: team payments-and-billing with (not shown)");
    }

    @Test
    void aVariableAndAWordOfTheCommandAreTakenOutAndAProgramIsNot() {
        assertThat(Redaction.of(pod("p0stgres://u:p@db"), "not p0stgres://u:p@db, not --password=s3cr3t-x, /bin/sh"))
                .isEqualTo("not (not shown), not (not shown), /bin/sh");
    }

    /** A server's own words, as kube-apiserver 1.37 has them. */
    @ParameterizedTest
    @ValueSource(
            strings = {"forbidden", "exceeded", "namespace", "requested", "production", "default", "pods", "quota"})
    void whatIsAWordOfTheServersIsLeftInIt(String value) {
        var words = "pods \"web\" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1";

        assertThat(Redaction.of(secret(value), words)).isEqualTo(words);
        assertThat(Redaction.of(pod(value), words)).isEqualTo(words);
    }

    @Test
    void suchAWordIsTakenOutWhereItIsTheValue() {
        assertThat(Redaction.of(pod("sunshine"), "env[0].value: Invalid value: \"sunshine\": no sunshine"))
                .isEqualTo("env[0].value: Invalid value: \"(not shown)\": no sunshine");
    }

    @Test
    void whatTheRequestSaysOpenlyElsewhereIsNoSecret() {
        var words = "namespaces \"team-a\" not found, nor billing-api, nor registry.example.com/web:1.2";

        for (var open : new String[] {"team-a", "billing-api", "registry.example.com/web:1.2"}) {
            assertThat(Redaction.of(pod(open), words)).isEqualTo(words);
        }
    }

    /** A tenant who can choose a value could otherwise choose what a refusal means. */
    @Test
    void whatAReplyMeansDoesNotDependOnWhatIsTakenOut() {
        var forbidden = "pods is forbidden: User \"spillway\" cannot create resource \"pods\" in API group \"\"";
        Sender region = (_, _) -> ApiResponse.of(403, status(403, forbidden));
        var calls = new Calls(region, Deadline.in(Duration.ofSeconds(5)));

        var reply = calls.post("/api/v1/pods", pod("pods is forbidden: User"));

        assertThat(reply).isInstanceOfSatisfying(Reply.No.class, no -> {
            assertThat(no.isUnauthorised()).isTrue();
            assertThat(no.says("forbidden: User")).isTrue();
            assertThat(no.message()).startsWith("(not shown) \"spillway\" cannot");
        });
    }

    private static String status(int code, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("code", code)
                .put("reason", "Forbidden")
                .put("message", message)
                .toString();
    }
}
