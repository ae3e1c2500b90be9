// Solves the models of standard input (a JSON list of CPLEX LP texts) and prints
// their answers (a JSON list). Its argument is the address of the package's module.
import { readFileSync } from 'node:fs'

const { default: load } = await import(process.argv[2])
const highs = await load()
const answers = JSON.parse(readFileSync(0, 'utf8')).map(model => {
  const solution = highs.solve(model, { presolve: 'off' })
  return { status: solution.Status, value: solution.ObjectiveValue }
})
process.stdout.write(JSON.stringify(answers))
