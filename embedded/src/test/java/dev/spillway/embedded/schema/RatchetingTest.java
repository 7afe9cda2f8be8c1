package dev.spillway.embedded.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An object that was stored before its schema became stricter can be changed where it is right. All cases but one were tried
 * on kube-apiserver 1.37.2, by a definition that was replaced after the object was created; the last follows from its source.
 */
class RatchetingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String DEFINITION = """
            {'kind':'CustomResourceDefinition','spec':{'group':'example.com','scope':'Namespaced',
             'names':{'kind':'Widget','plural':'widgets'},
             'versions':[{'name':'v1','served':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{
               'spec':{'type':'object','properties':{
                 'free':{'type':'string'},
                 'a':{'type':'string','maxLength':3},
                 'b':{'type':'string','x-kubernetes-validations':[{'rule':'self != "x"','message':'no x'}]},
                 'list':{'type':'array','items':{'type':'string','maxLength':3}},
                 'm':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
                   'items':{'type':'object','required':['k'],
                     'properties':{'k':{'type':'string'},'v':{'type':'string','maxLength':3}}}},
                 's':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}}}},
               'status':{'type':'object','properties':{'n':{'type':'integer','maximum':5}}}}}}}]}}
            """;

    private static final String OLD =
            "{'spec':{'a':'toolong','b':'x','list':['toolong'],'m':[{'k':'1','v':'toolong'},{'k':'2','v':'ok'}],"
                    + "'s':['a','a']},'status':{'n':9}}";

    private final CustomResourceSchema schema = schema();

    @Test
    void whatDoesNotChangeIsForgiven() {
        Causes causes = changed("'s':['a','a']", "'s':['a','a'],'free':'1'");

        assertThat(messages(causes)).isEmpty();
        assertThat(causes.warnings()).containsExactly("spec.b: Invalid value: \"x\": no x");
    }

    @Test
    void whatChangesMustBeRight() {
        assertThat(messages(changed("'a':'toolong'", "'a':'longer'")))
                .isEqualTo(
                        "[spec.a: Too long: may not be more than 3 bytes, <nil>: Invalid value: null: some validation rules"
                                + " were not checked because the object was invalid; correct the existing errors to complete"
                                + " validation]");
    }

    @Test
    void anElementOfAnOrdinaryListHasNoCounterpart() {
        assertThat(messages(changed("'list':['toolong']", "'list':['toolong','b']")))
                .contains("spec.list[0]: Too long: may not be more than 3 bytes");
    }

    @Test
    void anElementOfAMapHasTheOneWithItsKey() {
        String moved = "'m':[{'k':'2','v':'new'},{'k':'1','v':'toolong'}]";

        assertThat(messages(changed("'m':[{'k':'1','v':'toolong'},{'k':'2','v':'ok'}]", moved)))
                .isEmpty();
        assertThat(messages(changed(
                        "'m':[{'k':'1','v':'toolong'},{'k':'2','v':'ok'}]", moved.replace("toolong", "tooolong"))))
                .contains("spec.m[1].v: Too long: may not be more than 3 bytes");
    }

    @Test
    void aSetThatHadDuplicatesMayHaveThem() {
        assertThat(messages(changed("'s':['a','a']", "'s':['a','a','b']"))).isEmpty();
    }

    @Test
    void aStatusIsJudgedWhereItChanges() {
        Causes causes = new Causes();
        schema.validateStatus(tree(OLD.replace("'n':9", "'n':8")), tree(OLD), causes);

        assertThat(messages(causes))
                .isEqualTo("status.n: Invalid value: 8: n in body should be less than or equal to 5");
    }

    private Causes changed(String from, String to) {
        Causes causes = new Causes();
        schema.validate(tree(OLD.replace(from, to)), tree(OLD), causes);
        return causes;
    }

    /** What follows "is invalid: " in a refusal; empty where there is none. */
    private static String messages(Causes causes) {
        String start = "Node \"\" is invalid: ";
        String message = String.valueOf(causes.failure(ResourceType.NODES, null).getMessage());
        return message.equals(start + "[]") ? "" : message.substring(start.length());
    }

    private static CustomResourceSchema schema() {
        return List.copyOf(CustomResourceSchema.read(tree(DEFINITION)).values()).getFirst();
    }

    private static ObjectNode tree(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace("\"", "\\\"").replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(text, malformed);
        }
    }
}
