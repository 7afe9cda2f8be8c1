package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes and texts are those of kube-apiserver 1.37.2. */
class UnknownPathsTest {

    private static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/apis/nothing/v1",
                "/apis/nothing/v1/things",
                "/apis/spillway.dev/v1alpha1/foos",
                "/apis/spillway.dev/v1/regions",
                "/apis/spillway.dev/v9",
                "/healthz/foo"
            })
    void whatNobodyKnowsIsNoPage(String path) {
        Face.Answer answer = face.get(path);

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.type()).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.text()).isEqualTo("404 page not found\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/foos",
                "/api/v2/pods",
                "/api/v9",
                "/apis/apps/v1/things",
                "/apis/apps/v2/things",
                "/apis/apps/v9",
                "/apis/apps/v1/namespaces/default/things/x",
                "/api/v1/namespaces/default/pods/x/foo",
                "/api/v1/pods/x",
                "/apis/apps/v1/deployments/x",
                "/api/v1/bindings",
                "/api/v2/namespaces/default/bindings",
                "/api/v1/namespaces/default/bindings/x",
                "/api/v1/namespaces/default/bindings/x/status",
                "/apis/apps/v1/namespaces/default/deployments/x/foo"
            })
    void anUnknownResourceOfAKnownGroupIsAStatus(String path) {
        Face.Answer answer = face.get(path);

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.json()).isEqualTo(Face.read("""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"the server could not find the requested resource","reason":"NotFound",
            "details":{},"code":404}\
            """));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/pods, 405",
        "POST, /api/v1/namespaces/default/pods/x, 405",
        "PUT, /api/v1/namespaces/default/pods, 405",
        "PATCH, /api/v1/namespaces/default/pods, 405",
        "DELETE, /api/v1/pods, 405",
        "DELETE, /api/v1/namespaces, 405",
        "OPTIONS, /api/v1/namespaces/default/pods, 405",
        "FOO, /api/v1/namespaces/default/pods, 405",
        "POST, /version, 405",
        "POST, /api/v1/foos, 404",
        "POST, /api/v1/bindings, 404",
        "POST, /api/v2/namespaces/default/bindings, 404",
        "POST, /api/v1/namespaces/default/bindings/x, 404",
        "DELETE, /api/v1/namespaces/default/bindings/x, 404",
        "POST, /api/v1/namespaces/default/pods/d/foo, 404",
        "PUT, /apis/spillway.dev/v1alpha1/regions, 400",
        "PATCH, /apis/spillway.dev/v1alpha1/regions, 400"
    })
    void aMethodThatDoesNotFitIsRefused(String method, String path, int code) {
        Face.Answer answer = face.call(method, path, Face.JSON, "application/merge-patch+json", "{}");

        assertThat(answer.code()).isEqualTo(code);
        JsonNode status = answer.json();
        switch (code) {
            case 405 ->
                assertThat(status.path("message").asText())
                        .isEqualTo("the server does not allow this method on the requested resource");
            case 404 ->
                assertThat(status.path("message").asText())
                        .isEqualTo("the server could not find the requested resource");
            default -> assertThat(status.path("message").asText()).isEqualTo("name must be provided");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/apis", "/api/v1", "/version", Face.PODS, REGIONS})
    void whatCannotBeHadIsNotAcceptable(String path) {
        Face.Answer answer = face.get(path, "text/plain");

        assertThat(answer.code()).isEqualTo(406);
        assertThat(answer.json().path("reason").asText()).isEqualTo("NotAcceptable");
    }

    @Test
    void aBodyMayNotBeLargerThanThreeMebibytes() {
        Face.Answer answer =
                face.post(Face.PODS, "{'metadata':{'name':'x','annotations':{'a':'" + "x".repeat(3 << 20) + "'}}}");

        assertThat(answer.json()).isEqualTo(Face.read("""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"Request entity too large: limit is 3145728","reason":"RequestEntityTooLarge",
            "code":413}\
            """));
    }

    @Test
    void aBodyOfAnUnknownTypeIsRefused() {
        Face.Answer answer = face.call("POST", Face.PODS, Face.JSON, "text/plain", "{}");

        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.json().path("message").asText())
                .isEqualTo("the body of the request was in an unknown format - accepted media types include:"
                        + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    @Test
    void unknownFieldsAreWarnedOf() {
        Face.Answer strict =
                face.post(Face.PODS + "?fieldValidation=Strict", Face.pod("a").replace("'spec':{", "'spec':{'foo':1,"));

        assertThat(strict.code()).isEqualTo(400);
        assertThat(strict.json().path("message").asText())
                .isEqualTo("Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field"
                        + " \"spec.foo\"");
    }
}
