package dev.spillway.embedded.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import org.junit.jupiter.api.Test;

class CustomResourceSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyServedVersionIsAType() {
        assertThat(CustomResourceSchema.read(definition("{'type':'object'}")).keySet())
                .containsExactly(new ResourceType("example.com", "v1", "gears", "Gear", ResourceType.Scope.CLUSTER));
    }

    @Test
    void whatIsNotFollowedIsRefusedByName() {
        assertThatThrownBy(() -> read("{'properties':{'spec':{'patternProperties':{}}}}"))
                .hasMessageContaining("(openAPIV3Schema.spec) has patternProperties");
        assertThatThrownBy(() -> read("{'properties':{'mail':{'type':'string','format':'email'}}}"))
                .hasMessage(
                        "The schema (openAPIV3Schema.mail): The format (email) is not checked by the embedded cluster."
                                + " Use a pattern.");
        assertThatThrownBy(() -> read("{'allOf':[{'x-kubernetes-validations':[{'rule':'true'}]}]}"))
                .hasMessageContaining("Move the rules to the schema around it.");
        assertThatThrownBy(() -> read("{'properties':{'a':{'pattern':'(?<x'}}}"))
                .hasMessageContaining("is no RE2 expression");
    }

    @Test
    void anotherObjectIsNoDefinition() {
        assertThatThrownBy(() -> CustomResourceSchema.read(tree("{'kind':'Pod','metadata':{'name':'p'}}")))
                .hasMessage("The object (p) is no CustomResourceDefinition with names. Pass one.");
    }

    @Test
    void aRuleThatDoesNotCompileRefusesTheObject() {
        assertThat(judged("{'type':'object','x-kubernetes-validations':[{'rule':'quantity(self.a) == 1'}]}"))
                .startsWith("<nil>: Invalid value: \"object\": rule compile error: compilation failed: ");
    }

    @Test
    void aRuleMustBeACondition() {
        assertThat(judged("{'type':'object','x-kubernetes-validations':[{'rule':'1'}]}"))
                .isEqualTo(
                        "<nil>: Invalid value: \"object\": rule compile error: cel expression must evaluate to a bool");
    }

    private static String judged(String schema) {
        Causes causes = new Causes();
        CustomResourceSchema read = CustomResourceSchema.read(definition(schema))
                .values()
                .iterator()
                .next();
        read.validate(tree("{'kind':'Gear'}"), null, causes);
        return String.valueOf(causes.failure(ResourceType.NODES, null).getMessage())
                .substring("Node \"\" is invalid: ".length());
    }

    private static void read(String schema) {
        CustomResourceSchema.read(definition(schema));
    }

    private static JsonNode definition(String schema) {
        ObjectNode definition = tree(
                "{'kind':'CustomResourceDefinition','spec':{'group':'example.com','scope':'Cluster','names':{'kind':'Gear',"
                        + "'plural':'gears'},'versions':[{'name':'v1','served':true},{'name':'v2','served':false}]}}");
        ((ObjectNode) definition.at("/spec/versions/0")).putObject("schema").set("openAPIV3Schema", tree(schema));
        return definition;
    }

    private static ObjectNode tree(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(text, malformed);
        }
    }
}
