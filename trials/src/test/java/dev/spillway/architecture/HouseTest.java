package dev.spillway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.spillway.core.engine.Engine;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HouseTest {
    private static final int MOST_ENGINE_TYPES = 10;
    private static final int MOST_FLOORS = 6;

    /** {@code make house} shows what it prints. */
    @Test
    void theRoomsOfTheCoreAreFewFloorsWithoutCircles() {
        var shipped = Engine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation(); // and no tests, which have packages of the same names

        var house = House.of(new ClassFileImporter().importUrl(shipped), "dev.spillway.core");
        System.out.println(house.drawn());

        assertThat(house.circles()).isEmpty();
        assertThat(house.floors()).containsOnlyKeys(house.uses().keySet());
        assertThat(house.floors().values()).allMatch(floor -> floor <= MOST_FLOORS);
        assertThat(house.types().get("engine")).isBetween(1, MOST_ENGINE_TYPES);
    }

    @Test
    void aRoomIsAboveAllThatItUses() {
        var house = new House(
                Map.of("engine", 2),
                Map.of("ground", Set.of(), "middle", Set.of("ground"), "engine", Set.of("ground", "middle")));

        assertThat(house.floors()).isEqualTo(Map.of("ground", 1, "middle", 2, "engine", 3));
        assertThat(house.drawn()).endsWith("engine types 2, floors 3, circles 0");
    }

    @Test
    void aCircleIsFoundAndHasNoFloor() {
        var house = new House(
                Map.of(),
                Map.of("ground", Set.of(), "one", Set.of("two", "ground"), "two", Set.of("one"), "top", Set.of("two")));

        assertThat(house.circles()).containsExactly(Set.of("one", "two"));
        assertThat(house.floors()).containsOnlyKeys("ground");
        assertThat(house.drawn()).contains("circle of one, two").endsWith("floors 1, circles 1");
    }
}
