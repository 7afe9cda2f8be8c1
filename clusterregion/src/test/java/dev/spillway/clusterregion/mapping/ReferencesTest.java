package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReferencesTest {
    @Test
    void everyPlaceThatNamesAnObjectIsLookedAt() throws JsonProcessingException {
        var pod = Samples.JSON.readTree("""
            {"spec": {
              "initContainers": [{"name": "i", "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s-init", "key": "k"}}}]}],
              "containers": [{"name": "c",
                "env": [
                  {"name": "A", "value": "plain"},
                  {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c-env", "key": "k", "optional": true}}},
                  {"name": "C", "valueFrom": {"secretKeyRef": {"name": "s-env", "key": "k"}}},
                  {"name": "D", "valueFrom": {"secretKeyRef": {"name": "s-env", "key": "l", "optional": true}}}],
                "envFrom": [{"configMapRef": {"name": "c-from"}}, {"secretRef": {"name": "s-from", "optional": true}}]}],
              "volumes": [
                {"name": "a", "configMap": {"name": "c-volume"}},
                {"name": "b", "secret": {"secretName": "s-volume", "optional": true}},
                {"name": "c", "projected": {"sources": [
                  {"configMap": {"name": "c-projected", "optional": true}}, {"secret": {"name": "s-projected"}},
                  {"downwardAPI": {}}]}},
                {"name": "d", "csi": {"driver": "x", "nodePublishSecretRef": {"name": "s-csi"}}},
                {"name": "e", "emptyDir": {}}],
              "imagePullSecrets": [{"name": "s-pull"}]}}
            """);

        var found = References.of(pod).optional().entrySet().stream()
                .map(entry -> entry.getKey() + (entry.getValue() ? "?" : ""))
                .collect(Collectors.joining(" "));

        assertThat(found)
                .isEqualTo("configmaps/c-env? configmaps/c-from configmaps/c-projected? configmaps/c-volume"
                        + " secrets/s-csi secrets/s-env secrets/s-from? secrets/s-init secrets/s-projected secrets/s-pull?"
                        + " secrets/s-volume?");
    }

    @Test
    void aPodThatNamesNothingHasNone() {
        assertThat(References.of(Samples.JSON.createObjectNode()).optional()).isEmpty();
    }
}
