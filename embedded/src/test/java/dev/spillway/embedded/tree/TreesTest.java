package dev.spillway.embedded.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreesTest {

    private final ObjectNode plain = Trees.object();

    TreesTest() {
        plain.putObject("a").put("b", 1L).putNull("none");
        plain.putArray("list").addObject().put("x", "y");
    }

    @Test
    void frozenTreeRefusesEveryChange() {
        ObjectNode frozen = Trees.freeze(plain);
        ObjectNode inner = (ObjectNode) frozen.get("a");
        ArrayNode list = (ArrayNode) frozen.get("list");

        assertThatThrownBy(() -> frozen.put("z", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> inner.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.add(1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((ObjectNode) list.get(0)).removeAll())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void freezingCopiesAndDoesNotFreezeItsArgument() {
        ObjectNode frozen = Trees.freeze(plain);

        plain.put("later", true);

        assertThat(frozen.has("later")).isFalse();
    }

    @Test
    void frozenTreeIsItsOwnFrozenForm() {
        ObjectNode frozen = Trees.freeze(plain);

        assertThat(Trees.freeze(frozen)).isSameAs(frozen);
        assertThat(Trees.freeze(Trees.thaw(frozen)).get("a")).isSameAs(frozen.get("a"));
    }

    @Test
    void nullFieldsAreDroppedAndNumbersHaveOneForm() {
        assertThat(Trees.freeze(plain).toString()).isEqualTo("{\"a\":{\"b\":1},\"list\":[{\"x\":\"y\"}]}");
        assertThat((JsonNode) Trees.freeze(Trees.object().put("n", 5L)))
                .isEqualTo(Trees.freeze(Trees.object().put("n", 5)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9, 32, 33, 1_000})
    void frozenObjectHasTheFieldsItWasMadeOfInTheirOrder(int size) {
        ObjectNode object = Trees.object();
        for (int i = 0; i < size; i++) {
            // Each pair of names has the same hash.
            object.put((i % 2 == 0 ? "Aa" : "BB") + (size - i / 2), i);
        }

        ObjectNode frozen = Trees.freeze(object);

        assertThat(frozen.properties()).containsExactlyElementsOf(object.properties());
        assertThat(object.properties())
                .allSatisfy(field -> assertThat(frozen.get(field.getKey())).isSameAs(field.getValue()));
        assertThat(frozen.has("AaBB")).isFalse();
        assertThat(frozen.get("AaBB")).isNull();
    }

    @Test
    void objectsThatDifferInTheOrderOfTheirFieldsKeepIt() {
        ObjectNode one = Trees.freeze(Trees.object().put("a", 1).put("b", 2));
        ObjectNode other = Trees.freeze(Trees.object().put("b", 2).put("a", 1));

        assertThat(one.toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(other.toString()).isEqualTo("{\"b\":2,\"a\":1}");
        assertThat(one.equals(other)).isTrue();
    }

    @Test
    void equalShortTextsAreOneInFrozenTrees() {
        ObjectNode one = Trees.freeze(Trees.object().put("phase", "Running"));
        ObjectNode other = Trees.freeze(Trees.object().put("reason", "Run" + "ning".strip()));

        assertThat(other.get("reason")).isSameAs(one.get("phase"));
    }

    @Test
    void frozenAndPlainTreesOfTheSameContentAreEqualBothWays() {
        ObjectNode same = Trees.freeze(plain).deepCopy();

        assertThat(same.equals(Trees.freeze(plain))).isTrue();
        assertThat(Trees.freeze(plain).equals(same)).isTrue();
    }

    @Test
    void deepCopyOfAFrozenTreeMayBeChanged() {
        ObjectNode copy = Trees.freeze(plain).deepCopy();

        ((ObjectNode) copy.get("a")).put("b", 2);

        assertThat(copy.at("/a/b").intValue()).isEqualTo(2);
    }

    @Test
    void writableChildOfAThawedTreeLeavesTheFrozenOneAlone() {
        ObjectNode frozen = Trees.freeze(plain);
        ObjectNode thawed = Trees.thaw(frozen);

        Trees.writable(thawed, "a").put("b", 2);
        Trees.writable(thawed, "new").put("c", 3);

        assertThat(frozen.at("/a/b").intValue()).isEqualTo(1);
        assertThat(thawed.at("/a/b").intValue()).isEqualTo(2);
        assertThat(thawed.at("/new/c").intValue()).isEqualTo(3);
    }

    @Test
    void valueThatIsNoJsonIsRefused() {
        ObjectNode odd = Trees.object();
        odd.set("o", new POJONode(new int[0]));

        assertThatThrownBy(() -> Trees.freeze(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not JSON");
    }
}
