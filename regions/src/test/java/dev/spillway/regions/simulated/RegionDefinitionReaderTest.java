package dev.spillway.regions.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.protocol.MalformedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RegionDefinitionReaderTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final RegionDefinitionReader READER = new RegionDefinitionReader(StockTraceFile::read);

    @Test
    void readsTheWholeSpec() {
        RegionDefinition definition = read("""
            {"default": true, "allowedNamespaces": ["*"], "maxPods": 10000, "lost": false,
             "zones": [{"id": "a-1"}, {"id": "a-2"}],
             "offers": [{"computeClass": "gpu", "gpuModel": "L20", "computeQos": "default", "spot": false}, {}],
             "backend": {"type": "Simulated", "endpoint": "http://127.0.0.1:8087", "requestTimeoutMillis": 10000,
              "simulated": {
               "startupDelayMillis": 1000, "refusalLatencyMillis": 20, "acceptLatencyMillis": 30,
               "terminationDelayMillis": 40, "outage": "Throttled", "loseAnswersPerMille": 5,
               "failAfterAcceptPerMille": 6, "settleMillis": 700, "quota": 8, "runSeconds": 9, "seed": 10,
               "stock": [
                {"zones": ["a-1"], "computeClass": "gpu", "computeQos": "default", "gpuModel": "L20", "spot": true,
                 "script": {"constant": 4}, "microsUsdPerHour": 2500000, "runSeconds": 60},
                {"gpuModel": "*", "script": {"schedule": [{"afterSeconds": 0, "instances": 1},
                 {"afterSeconds": 60, "instances": 2}]}},
                {"gpuModel": "", "script": {"random": {"seed": 3, "meanAvailableSeconds": 20,
                 "meanSoldOutSeconds": 10, "instances": 5}}},
                {"script": {"trace": {"file": "src/test/resources/stock/five-probes.json",
                 "instancesWhenAvailable": 6, "speed": 60}}}]}}}
            """);

        assertThat(definition.zones()).containsExactly(new ZoneId("a-1"), new ZoneId("a-2"));
        assertThat(definition.offers())
                .containsExactly(
                        new OfferSelector(List.of(), "gpu", "default", "L20", false),
                        new OfferSelector(List.of(), "general-purpose", "default", "", false));
        assertThat(definition.behaviour())
                .isEqualTo(new Behaviour(
                        new Behaviour.Delays(
                                Duration.ofMillis(1000),
                                Duration.ofMillis(20),
                                Duration.ofMillis(30),
                                Duration.ofMillis(40)),
                        new Behaviour.Faults(5, 6),
                        new Outage.Throttled(Duration.ofSeconds(1)),
                        Duration.ofMillis(700),
                        8,
                        Duration.ofSeconds(9),
                        10));
        assertThat(definition.stock())
                .containsExactly(
                        new StockLine(
                                new OfferSelector(List.of(new ZoneId("a-1")), "gpu", "default", "L20", true),
                                new StockScript.Constant(4),
                                2_500_000,
                                Duration.ofSeconds(60)),
                        new StockLine(
                                OfferSelector.ANY,
                                new StockScript.Schedule(List.of(
                                        new StockScript.Schedule.Step(Duration.ZERO, 1),
                                        new StockScript.Schedule.Step(Duration.ofSeconds(60), 2)))),
                        new StockLine(
                                OfferSelector.ofModel(""),
                                new StockScript.SeededRandom(3, Duration.ofSeconds(20), Duration.ofSeconds(10), 5)),
                        new StockLine(
                                OfferSelector.ANY,
                                new StockScript.Trace(
                                        StockTraceFile.read("src/test/resources/stock/five-probes.json"), 6, 60)));
    }

    @Test
    void absentFieldsReadAsTheDefaultsOfTheSchema() {
        Behaviour behaviour = read("""
            {"zones": [{"id": "a-1"}], "backend": {"simulated": {"outage": null}}}
            """).behaviour();

        assertThat(behaviour).isEqualTo(Behaviour.DEFAULT);
        assertThat(behaviour.delays().startup()).isEqualTo(Duration.ofMillis(500));
        assertThat(behaviour.settle()).isZero();
        assertThat(behaviour.seed()).isEqualTo(1);
        assertThat(read("{\"zones\": [{\"id\": \"a-1\"}]}").stock()).isEmpty();
    }

    record Bad(String spec, String problem) {}

    static List<Bad> bad() {
        return List.of(
                new Bad("[]", ": spec must be a JSON object; it is a list."),
                new Bad(
                        "{}",
                        ": spec.zones is missing or empty; name at least one zone, such as [{\"id\": \"zone-a\"}]."),
                new Bad("{\"zones\": \"a\"}", ": spec.zones must be a list; it is a text."),
                new Bad("{\"zones\": [\"a\"]}", ": spec.zones[0] must be a JSON object; it is a text."),
                new Bad(
                        "{\"zones\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}",
                        ": spec.zones[1].id is a for the second time"),
                new Bad(
                        simulated("\"startupDelay\": 5"),
                        ".backend.simulated has no field 'startupDelay'; it has stock,"),
                new Bad(
                        simulated("\"startupDelayMillis\": \"5s\""),
                        ".startupDelayMillis must be a whole number from 0 to 3600000; it is \"5s\"."),
                new Bad(
                        simulated("\"startupDelayMillis\": -1"),
                        ".startupDelayMillis must be a whole number from 0 to 3600000; it is -1."),
                new Bad(
                        simulated("\"loseAnswersPerMille\": 1001"),
                        ".loseAnswersPerMille must be a whole number from 0 to 1000; it is 1001."),
                new Bad(
                        simulated("\"seed\": 99999999999999999999"),
                        ".seed must be a whole number from -9223372036854775808"),
                new Bad(
                        simulated("\"outage\": \"Broken\""),
                        ".outage must be one of None, Unavailable, Unauthorised, Throttled and Hang; it is Broken."),
                new Bad(stock("{}"), ".stock[0].script is missing; give a script such as {\"constant\": 5}."),
                new Bad(
                        stock("{\"script\": {}}"),
                        ".script must have exactly one of constant, schedule, random and trace; it has none."),
                new Bad(
                        stock("{\"script\": {\"constant\": 1, \"random\": {}}}"),
                        ".script must have exactly one of constant, schedule, random and trace; it has constant and"
                                + " random."),
                new Bad(stock("{\"script\": {\"contant\": 1}}"), ".script has no field 'contant'; it has constant,"),
                new Bad(
                        stock("{\"script\": {\"constant\": 1.5}}"),
                        ".script.constant must be a whole number from 0 to 1000000; it is 1.5."),
                new Bad(
                        stock("{\"zones\": [\"b\"], \"script\": {\"constant\": 1}}"),
                        ".stock[0].zones names zone b, which the region does not have; it has [a]."),
                new Bad(
                        stock("{\"script\": {\"constant\": 1}, \"microsUsdPerHour\": \"1.20\"}"),
                        ".stock[0].microsUsdPerHour must be a whole number from 0"),
                new Bad(stock("{\"script\": {\"schedule\": []}}"), ".script.schedule is empty; give at least one step"),
                new Bad(
                        stock("{\"script\": {\"schedule\": [{\"afterSeconds\": 9, \"instances\": 1},"
                                + " {\"afterSeconds\": 3, \"instances\": 1}]}}"),
                        ".script.schedule: The steps of a schedule must be in ascending order of time: step 2 is at"),
                new Bad(
                        stock("{\"script\": {\"random\": {\"meanAvailableSeconds\": 0, \"meanSoldOutSeconds\": 1,"
                                + " \"instances\": 1}}}"),
                        ".random.meanAvailableSeconds must be a whole number from 1"),
                new Bad(
                        stock("{\"script\": {\"trace\": {\"file\": \"no/such.json\"}}}"),
                        ".script.trace.file: Trace file no/such.json does not exist; give the path"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsWrongIsNamedInOneLine(Bad bad) {
        assertThatThrownBy(() -> read(bad.spec()))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("Region region-a: spec")
                .hasMessageContaining(bad.problem())
                .hasMessageNotContaining("\n");
    }

    private static String simulated(String field) {
        return "{\"zones\": [{\"id\": \"a\"}], \"backend\": {\"simulated\": {%s}}}".formatted(field);
    }

    private static String stock(String line) {
        return simulated("\"stock\": [%s]".formatted(line));
    }

    private static RegionDefinition read(String spec) {
        try {
            JsonNode json = new ObjectMapper().readTree(spec);
            return READER.read(REGION, json);
        } catch (JsonProcessingException mistake) {
            throw new AssertionError(spec, mistake);
        }
    }
}
