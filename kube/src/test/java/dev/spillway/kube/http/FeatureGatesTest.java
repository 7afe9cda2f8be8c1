package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureGatesTest {
    /** As kube-apiserver, EKS, GKE and a build without a tag answer {@code /version}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"major": "1", "minor": "37", "emulationMajor": "1", "emulationMinor": "36", "gitVersion": "v1.37.2"} | 37
            {"emulationMinor": "36", "minCompatibilityMinor": "35", "major": "1", "minor": "37"}                  | 37
            {"major": "1", "minor": "34+", "gitVersion": "v1.34.1-eks-3025e55"}                                   | 34
            {"major":"1","minor":"33","gitVersion":"v1.33.5-gke.1162000"}                                         | 33
            {"major": "1", "minor": "", "gitVersion": "v1.36.0-dirty"}                                            | 36
            {"major": "", "minor": "", "gitVersion": "v0.0.0-master+$Format:%H$"}                                 | 0
            {"major": "1", "minor": "99999999999999999999"}                                                       | 0
            <html></html>                                                                                         | 0
            """)
    void theMinorVersionIsReadFromWhateverSaysIt(String body, int minor) {
        assertThat(FeatureGates.minor(body)).isEqualTo(minor);
    }
}
