package dev.spillway.regions.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Says which backend the tests of a class put to the test; what came of each {@link FaultCase} among them is noted, for a table of all backends. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(FaultOutcomes.class)
@Tag("region-conformance")
public @interface OnBackend {
    /** The backend in a few words: head of its column. */
    String value();
}
