package dev.spillway.core.model;

/** A taint of a node; the effect is NoSchedule, PreferNoSchedule or NoExecute. */
public record Taint(String key, String value, String effect) {
    /** Whether a pod without a matching toleration must stay away. */
    public boolean isHard() {
        return !effect.equals("PreferNoSchedule");
    }

    @Override
    public String toString() {
        return value.isEmpty() ? key + ":" + effect : key + "=" + value + ":" + effect;
    }
}
