package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The digests kept with the tests are what the recordings of real KubeVirt say, where those lie
 * beside the project (or where the system property {@code migrator.traces} says). With {@code
 * -Dmigrator.traces.write=true} they are written anew.
 */
class TraceDigestTest {

  @BeforeAll
  static void needRecordings() {
    assumeTrue(Recordings.areHere(), "There are no recordings of KubeVirt beside the project");
  }

  static Stream<String> scenarios() {
    return Scenarios.recorded();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void isWhatTheRecordingSays(String scenario) throws IOException {
    var said = Recordings.read(scenario).lines();
    if (Boolean.getBoolean("migrator.traces.write")) {
      Digest.write(scenario, said);
    } else {
      assertThat(Digest.read(scenario)).isEqualTo(said);
    }
  }
}
