package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of a pod count as edits. What can be edited is what validation of an update in core/v1 lets pass (Kubernetes 1.37). */
final class EditDigestTest {
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod",
             "metadata":{"name":"web-1","namespace":"shop","uid":"u-1","resourceVersion":"7","labels":{"app":"web","b":"Aa"},
               "annotations":{"team":"shop","spillway.dev/unit":"1","kubectl.kubernetes.io/restartedAt":"x",
                 "kubectl.kubernetes.io/last-applied-configuration":"{}"}},
             "spec":{"nodeName":"virtual-kubelet-a","activeDeadlineSeconds":600,"tolerations":[{"key":"k","operator":"Exists"}],
               "initContainers":[{"name":"init","image":"busybox:1"}],
               "containers":[{"name":"nginx","image":"nginx:1","env":[{"name":"A","value":"b"}],
                 "resources":{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}}]},
             "status":{"phase":"Pending"}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "app":"web"                     | "app":"web2"
        "app":"web"                     | "ap":"pweb"
        "b":"Aa"                        | "b":"BB"
        "team":"shop"                   | "team":"shop","also":"this"
        restartedAt":"x"                | restartedAt":"y"
        "nginx:1"                       | "nginx:2"
        "busybox:1"                     | "busybox:2"
        "cpu":"1"                       | "cpu":"2"
        "memory":"1Gi"                  | "memory":"2Gi"
        "requests":{"cpu":"1"}          | "requests":{}
        "activeDeadlineSeconds":600     | "activeDeadlineSeconds":60
        "activeDeadlineSeconds":600,    | ``
        "operator":"Exists"}            | "operator":"Exists"},{"operator":"Exists","effect":"NoExecute","tolerationSeconds":1}
        "operator":"Exists"}            | "operator":"Exists","tolerationSeconds":1}
        "nodeName"                      | "ephemeralContainers":[{"name":"d","image":"busybox"}],"nodeName"
        "nodeName"                      | "resources":{"requests":{"cpu":"2"}},"nodeName"
        "resourceVersion":"7"           | "resourceVersion":"8","generation":3
        """)
    void anEditIsOne(String before, String after) {
        assertThat(POD).contains(before);

        assertThat(edits(POD.replace(before, after))).isNotEqualTo(edits(POD));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "Pending"                       | "Running","podIP":"10.0.0.1"
        "resourceVersion":"7"           | "resourceVersion":"8"
        "spillway.dev/unit":"1"         | "spillway.dev/unit":"2","spillway.dev/policy":"p"
        configuration":"{}"             | configuration":"{ }"
        "app":"web"                     | "app":"web","topology.kubernetes.io/region":"r","topology.kubernetes.io/zone":"z"
        "team":"shop"                   | "team":"shop","alibabacloud.com/instance-id":"i","controller.kubernetes.io/pod-deletion-cost":"7"
        "uid":"u-1"                     | "uid":"u-1","generation":2,"deletionTimestamp":"2026-03-01T09:00:00Z"
        """)
    void whatIsWrittenAllTheTimeIsNoEdit(String before, String after) {
        assertThat(POD).contains(before);

        assertThat(edits(POD.replace(before, after))).isEqualTo(edits(POD));
    }

    @Test
    void aTreeAndAStreamOfOnePodHaveOneNumber() throws IOException {
        try (var parser = Decoder.parser(new ByteArrayInputStream(POD.getBytes(StandardCharsets.UTF_8)))) {
            assertThat(Decoder.decode(Kind.PODS, parser).edits())
                    .isEqualTo(edits(POD))
                    .isNotZero();
        }
    }

    @Test
    void whatIsNoPodHasNone() {
        assertThat(Decoder.edits(Json.parse("[]"))).isZero();
    }

    private static long edits(String pod) {
        JsonNode tree = Json.parse(pod);
        assertThat(tree.isObject()).isTrue();
        return Decoder.edits(tree);
    }
}
