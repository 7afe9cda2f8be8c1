package dev.spillway.kubelet.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who asks, as the home cluster names them.
 *
 * @param uid empty where there is none
 * @param groups in the order in which they were told
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    private static final String AUTHENTICATED = "system:authenticated";

    public User {
        groups = List.copyOf(groups);
        extra = new TreeMap<>(extra);
    }

    /** With the group that everybody is in who is somebody. */
    User authenticated() {
        if (groups.contains(AUTHENTICATED)) {
            return this;
        }
        var all = new ArrayList<>(groups);
        all.add(AUTHENTICATED);
        return new User(name, uid, all, extra);
    }
}
