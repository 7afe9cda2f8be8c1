package dev.spillway.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The packages of {@code core} as rooms, and which room uses which. A room that uses none is on floor 1; any other is one floor above the
 * highest room that it uses. Immutable.
 *
 * @param types top-level types of each room, by the room's name
 * @param uses the rooms that each room uses, itself left out
 */
record House(Map<String, Integer> types, Map<String, Set<String>> uses) {
    /** The rooms below a package: one for each package directly in it. */
    static House of(JavaClasses classes, String root) {
        var types = new TreeMap<String, Integer>();
        var uses = new TreeMap<String, Set<String>>();
        for (var type : classes) {
            var room = room(type, root);
            if (room.isEmpty() || type.getSimpleName().equals("package-info")) {
                continue;
            }
            types.merge(room, type.isTopLevelClass() ? 1 : 0, Integer::sum);
            var used = uses.computeIfAbsent(room, r -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().forEach(arrow -> {
                var other = room(arrow.getTargetClass().getBaseComponentType(), root);
                if (!other.isEmpty() && !other.equals(room)) {
                    used.add(other);
                }
            });
        }
        return new House(types, uses);
    }

    private static String room(JavaClass type, String root) {
        var name = type.getPackageName();
        if (!name.startsWith(root + ".")) {
            return "";
        }
        int end = name.indexOf('.', root.length() + 1);
        return name.substring(root.length() + 1, end < 0 ? name.length() : end);
    }

    /** The floors of rooms that are in no circle and above none; from 1. */
    Map<String, Integer> floors() {
        var floors = new TreeMap<String, Integer>();
        boolean found = true;
        while (found) {
            found = false;
            for (var room : uses.keySet()) {
                if (!floors.containsKey(room) && floors.keySet().containsAll(uses.get(room))) {
                    int below =
                            uses.get(room).stream().mapToInt(floors::get).max().orElse(0);
                    floors.put(room, below + 1);
                    found = true;
                }
            }
        }
        return floors;
    }

    /** Each set of two or more rooms of which every one leads to every other. */
    List<Set<String>> circles() {
        var circles = new ArrayList<Set<String>>();
        for (var room : uses.keySet()) {
            var circle = reach(room).stream()
                    .filter(other -> reach(other).contains(room))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!circle.isEmpty() && !circles.contains(circle)) {
                circles.add(circle);
            }
        }
        return circles;
    }

    private Set<String> reach(String from) {
        var reached = new TreeSet<String>();
        var next = new ArrayList<>(uses.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            var room = next.removeLast();
            if (reached.add(room)) {
                next.addAll(uses.getOrDefault(room, Set.of()));
            }
        }
        return reached;
    }

    /** One line for each room, the highest floor first, then each circle; the last line counts. */
    String drawn() {
        var floors = floors();
        var lines = new ArrayList<String>();
        uses.keySet().stream()
                .sorted(Comparator.comparingInt((String room) -> -floors.getOrDefault(room, 0))
                        .thenComparing(room -> room))
                .forEach(room -> lines.add("floor %s  %-12s %3d types  uses %s"
                        .formatted(
                                floors.containsKey(room) ? floors.get(room).toString() : "?",
                                room,
                                types.getOrDefault(room, 0),
                                String.join(", ", uses.get(room)))));
        circles().forEach(circle -> lines.add("circle of " + String.join(", ", circle)));
        int highest = floors.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        lines.add("engine types %d, floors %d, circles %d"
                .formatted(types.getOrDefault("engine", 0), highest, circles().size()));
        return String.join(System.lineSeparator(), lines);
    }
}
