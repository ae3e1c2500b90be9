// Command withpostgres runs a command with MAILLAGE_TEST_POSTGRES set to a
// throw-away cluster, so that all the packages under test share one. Where no
// PostgreSQL is found it says so and runs the command without.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"maillage/internal/testkit"
)

func main() { os.Exit(run()) }

func run() int {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARG…]")
		return 2
	}
	if os.Getenv("MAILLAGE_TEST_POSTGRES") == "" {
		cluster, err := testkit.StartCluster()
		if err != nil {
			fmt.Println("left out: PostgreSQL,", err)
		} else {
			defer cluster.Stop()
			if err := os.Setenv("MAILLAGE_TEST_POSTGRES", cluster.URL); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	cmd := exec.CommandContext(context.Background(), os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}
