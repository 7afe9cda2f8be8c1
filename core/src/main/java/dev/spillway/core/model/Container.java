package dev.spillway.core.model;

/** A container of a pod, as far as its instance and its status need it. */
public record Container(String name, String image, Role role) {
    /** When a container runs, in a pod's life. */
    public enum Role {
        /** Runs before the others and ends. */
        INIT,
        /** Starts among the init containers and runs beside the main ones: an init container with restartPolicy Always. */
        SIDECAR,
        /** What the pod is for. */
        MAIN
    }

    /** A main container. */
    public Container(String name, String image) {
        this(name, image, Role.MAIN);
    }
}
