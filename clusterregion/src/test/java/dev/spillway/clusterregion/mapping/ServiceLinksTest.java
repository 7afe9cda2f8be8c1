package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceLinksTest {
    private static final JsonNode REDIS = json("""
        {"metadata": {"name": "redis-primary", "namespace": "shop"}, "spec": {"clusterIP": "10.0.0.11", "ports": [{"port": 6379, "protocol": "TCP"}]}}
        """);

    /** The example of kubernetes.io/docs/concepts/services-networking/service, "Environment variables". */
    @Test
    void oneServiceAsTheDocumentationHasIt() {
        assertThat(lines(List.of(REDIS)))
                .containsExactly(
                        "REDIS_PRIMARY_SERVICE_HOST=10.0.0.11",
                        "REDIS_PRIMARY_SERVICE_PORT=6379",
                        "REDIS_PRIMARY_PORT=tcp://10.0.0.11:6379",
                        "REDIS_PRIMARY_PORT_6379_TCP=tcp://10.0.0.11:6379",
                        "REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp",
                        "REDIS_PRIMARY_PORT_6379_TCP_PORT=6379",
                        "REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.0.0.11");
    }

    /** Each named port has a variable of its own; the first port's protocol is that of the Service's. */
    @Test
    void namedPortsAndAnotherFamily() {
        var services = List.of(json("""
            {"metadata": {"name": "dns-2"}, "spec": {"clusterIP": "10.0.0.53",
             "ports": [{"port": 53, "protocol": "UDP", "name": "over-udp"}, {"port": 53, "protocol": "TCP", "name": "over-tcp"}]}}
            """), json("""
            {"metadata": {"name": "b"}, "spec": {"clusterIP": "2001:db8::1", "ports": [{"port": 80}]}}
            """));

        assertThat(lines(services))
                .containsExactly(
                        "DNS_2_SERVICE_HOST=10.0.0.53",
                        "DNS_2_SERVICE_PORT=53",
                        "DNS_2_SERVICE_PORT_OVER_UDP=53",
                        "DNS_2_SERVICE_PORT_OVER_TCP=53",
                        "DNS_2_PORT=udp://10.0.0.53:53",
                        "DNS_2_PORT_53_UDP=udp://10.0.0.53:53",
                        "DNS_2_PORT_53_UDP_PROTO=udp",
                        "DNS_2_PORT_53_UDP_PORT=53",
                        "DNS_2_PORT_53_UDP_ADDR=10.0.0.53",
                        "DNS_2_PORT_53_TCP=tcp://10.0.0.53:53",
                        "DNS_2_PORT_53_TCP_PROTO=tcp",
                        "DNS_2_PORT_53_TCP_PORT=53",
                        "DNS_2_PORT_53_TCP_ADDR=10.0.0.53",
                        "B_SERVICE_HOST=2001:db8::1",
                        "B_SERVICE_PORT=80",
                        "B_PORT=tcp://[2001:db8::1]:80",
                        "B_PORT_80_TCP=tcp://[2001:db8::1]:80",
                        "B_PORT_80_TCP_PROTO=tcp",
                        "B_PORT_80_TCP_PORT=80",
                        "B_PORT_80_TCP_ADDR=2001:db8::1");
    }

    @Test
    void whatHasNoAddressIsNotToldNorTheApiServersOwnNorTooMany() {
        var headless = json(
                "{\"metadata\": {\"name\": \"a\"}, \"spec\": {\"clusterIP\": \"None\", \"ports\": [{\"port\": 1}]}}");
        var external = json(
                "{\"metadata\": {\"name\": \"b\"}, \"spec\": {\"type\": \"ExternalName\", \"externalName\": \"x\"}}");
        var own = json(
                "{\"metadata\": {\"name\": \"kubernetes\", \"namespace\": \"default\"}, \"spec\": {\"clusterIP\": \"10.0.0.1\", \"ports\": [{\"port\": 443}]}}");

        assertThat(ServiceLinks.of(List.of(headless, external, own))).isEmpty();
        assertThat(ServiceLinks.of(Collections.nCopies(100, REDIS))).hasSize(700);
        assertThat(ServiceLinks.of(Collections.nCopies(101, REDIS))).isEmpty();
    }

    @Test
    void theContainersOwnCountMoreAndThoseWithEnvFromGetNone() {
        var spec = json("""
            {"containers": [{"env": [{"name": "A", "value": "$(REDIS_PRIMARY_PORT)"}, {"name": "REDIS_PRIMARY_SERVICE_PORT", "value": "1"}]},
                            {"envFrom": [{"configMapRef": {"name": "c"}}]}]}
            """);

        ServiceLinks.tell(spec, ServiceLinks.of(List.of(REDIS)));

        var env = spec.at("/containers/0/env");
        assertThat(env).hasSize(8);
        assertThat(env.at("/0/name").asText()).isEqualTo("REDIS_PRIMARY_SERVICE_HOST");
        assertThat(env.at("/6/name").asText()).isEqualTo("A");
        assertThat(env.at("/7/value").asText()).isEqualTo("1");
        assertThat(spec.at("/containers/1").has("env")).isFalse();
    }

    @Test
    void aPodMayNotWantThem() {
        assertThat(ServiceLinks.areWanted(json("{\"spec\": {\"enableServiceLinks\": false}}")))
                .isFalse();
        assertThat(ServiceLinks.areWanted(json("{\"spec\": {}}"))).isTrue();
    }

    private static List<String> lines(List<JsonNode> services) {
        return ServiceLinks.of(services).stream()
                .map(variable -> variable.name() + "=" + variable.value())
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return Samples.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
